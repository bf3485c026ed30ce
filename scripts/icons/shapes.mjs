// The tray icons on a grid of 22: strokes and dots that say by shape alone what the state is.
// A shape is [path, stroke width]; a width of 0 means: filled.

const prongs = ['M8 2.5V7M14 2.5V7', 2];
const cord = ['M11 15V19.5', 2];
const plugBody = 'M5 7.5H17V10.5A5 4.5 0 0 1 12 15H10A5 4.5 0 0 1 5 10.5Z';

const smallPlug = [
  ['M5.5 3V7M10.5 3V7', 1.8],
  ['M2.5 7.5H13.5V10A4.5 4 0 0 1 9.5 14H6.5A4.5 4 0 0 1 2.5 10Z', 1.8],
  ['M8 14V19', 1.8],
];
const questionBeside = [
  ['M14.5 11.5A2.8 2.8 0 1 1 18.2 14.1Q17.3 14.5 17.3 16', 1.8],
  ['M17.3 18.3A.6 .6 0 1 0 17.31 18.3Z', 1.6],
];

const battery = [
  [
    'M3.5 6H16.5A1.5 1.5 0 0 1 18 7.5V14.5A1.5 1.5 0 0 1 16.5 16H3.5A1.5 1.5 0 0 1 2 14.5V7.5A1.5 1.5 0 0 1 3.5 6Z',
    1.8,
  ],
  ['M20 9.5V12.5', 2],
];
const bar = (index) => [`M${4.2 + 3.2 * index} 8.2H${6.2 + 3.2 * index}V13.8H${4.2 + 3.2 * index}Z`, 0];
const bars = (count) => Array.from({ length: count }, (_, index) => bar(index));

const questionInside = [
  ['M8 9.6A2 1.7 0 1 1 10.6 11Q10 11.3 10 12', 1.4],
  ['M10 13.7V13.8', 1.6],
];
const exclamationInside = [
  ['M10 8.2V11.4', 2],
  ['M10 13.7V13.8', 2],
];

const upperBattery = [
  ['M3.5 2.5H16.5A1.5 1.5 0 0 1 18 4V9A1.5 1.5 0 0 1 16.5 10.5H3.5A1.5 1.5 0 0 1 2 9V4A1.5 1.5 0 0 1 3.5 2.5Z', 1.8],
  ['M20 5.3V7.7', 2],
  ['M4.4 4.7H8.4V8.3H4.4Z', 0],
];
const arrowDown = [['M10 12.5V19M6.2 15.6L10 19.4L13.8 15.6', 2.2]];

export const trayShapes = {
  'no-ups': [...smallPlug, ...questionBeside],
  'mains-armed': [prongs, [plugBody, 0], [plugBody, 1.6], cord],
  'mains-not-armed': [
    ['M8 2V4.8M14 2V4.8', 2],
    ['M5 9H17V11A5 4.5 0 0 1 12 15.5H10A5 4.5 0 0 1 5 11Z', 1.8],
    ['M11 15.5V20', 2],
  ],
  'battery-unknown': [...battery, ...questionInside],
  'battery-1': [...battery, ...bars(1)],
  'battery-2': [...battery, ...bars(2)],
  'battery-3': [...battery, ...bars(3)],
  'battery-4': [...battery, ...bars(4)],
  running: [...upperBattery, ...arrowDown],
  'lost-contact': [...battery, ...exclamationInside],
  attention: [
    ['M11 3L20 18.5H2Z', 1.9],
    ['M11 8.5V13', 2],
    ['M11 15.9V16', 2],
  ],
};

/** A slope that comes down in steps to a line, beside a battery: the application itself, on a grid of 512. */
export const appIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
  <rect x="24" y="24" width="464" height="464" rx="104" fill="#1d5bbf"/>
  <g fill="none" stroke="#ffffff" stroke-linecap="round" stroke-linejoin="round">
    <path d="M104 140C196 140 214 236 268 282S360 348 408 348" stroke-width="36"/>
    <path d="M104 408H408" stroke-width="28"/>
    <path d="M300 118H384A14 14 0 0 1 398 132V184A14 14 0 0 1 384 198H300A14 14 0 0 1 286 184V132A14 14 0 0 1 300 118Z" stroke-width="22"/>
    <path d="M424 146V170" stroke-width="24"/>
  </g>
  <path d="M310 142H342V174H310Z" fill="#ffffff"/>
</svg>
`;
