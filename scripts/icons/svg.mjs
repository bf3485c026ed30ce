import { trayShapes } from './shapes.mjs';

/** How far the pale edge reaches around a shape, in units of the grid. */
const halo = 1.1;

const ink = (shapes, colour) => draw(shapes, colour, 0, (_path, width) => width === 0);
/** What is closed is filled, so that a battery is a pale one with dark bars. */
const paper = (shapes, colour) => draw(shapes, colour, halo, (path) => path.endsWith('Z'));

const draw = (shapes, colour, extra, isFilled) =>
  shapes
    .map(([path, width]) => {
      const fill = isFilled(path, width) ? colour : 'none';
      const stroke = width + 2 * extra;
      return `  <path d="${path}" fill="${fill}"${stroke > 0 ? ` stroke="${colour}" stroke-width="${stroke}"` : ''}/>`;
    })
    .join('\n');

const svg = (body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22" stroke-linecap="round" stroke-linejoin="round">\n${body}\n</svg>\n`;

/** Dark with a pale edge: the shape reads on a light panel by itself, on a dark one by its edge. */
export const outlined = (name) => svg(`${paper(trayShapes[name], '#ffffff')}\n${ink(trayShapes[name], '#1b2027')}`);

/** Black on nothing: macOS colours it as its menu bar needs. */
export const template = (name) => svg(ink(trayShapes[name], '#000000'));
