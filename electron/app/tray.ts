import { join } from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import { type TrayAction, type TrayIcon, type TrayItem, type TrayView, trayIcons } from './tray-view.ts';

/** The icon in the panel. What is the same as before is not set again: an open menu closes when it is replaced. */
export class AppTray {
  readonly #tray: Tray;
  readonly #images: ReadonlyMap<TrayIcon, Electron.NativeImage>;
  readonly #act: (action: TrayAction) => void;
  #shown: TrayView;

  constructor(iconFolder: string, first: TrayView, act: (action: TrayAction) => void) {
    this.#images = new Map(trayIcons.map((icon) => [icon, loadIcon(iconFolder, icon)]));
    this.#act = act;
    this.#shown = first;
    this.#tray = new Tray(this.#image(first.icon));
    this.#tray.setToolTip(first.tooltip);
    this.#tray.setContextMenu(this.#menu(first.menu));
    // Linux panels with app indicators never tell of it (electron#6773), hence Open in the menu.
    this.#tray.on('click', () => act('open'));
  }

  show(view: TrayView): void {
    const old = this.#shown;
    this.#shown = view;
    if (view.icon !== old.icon) this.#tray.setImage(this.#image(view.icon));
    if (view.tooltip !== old.tooltip) this.#tray.setToolTip(view.tooltip);
    if (JSON.stringify(view.menu) !== JSON.stringify(old.menu)) this.#tray.setContextMenu(this.#menu(view.menu));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #image(icon: TrayIcon): Electron.NativeImage {
    return this.#images.get(icon) ?? nativeImage.createEmpty();
  }

  #menu(items: readonly TrayItem[]): Menu {
    return Menu.buildFromTemplate(
      items.map((item): Electron.MenuItemConstructorOptions => {
        if (item.type === 'separator') return { type: 'separator' };
        if (item.type === 'line') return { label: escapeLabel(item.label), enabled: false };
        return { label: escapeLabel(item.label), enabled: item.enabled, click: () => this.#act(item.action) };
      }),
    );
  }
}

/** "&" would mark a shortcut key. */
const escapeLabel = (label: string) => label.replaceAll('&', '&&');

/** macOS colours a template image itself; elsewhere the outlined icon reads on light and on dark panels. */
function loadIcon(folder: string, icon: TrayIcon): Electron.NativeImage {
  const mac = process.platform === 'darwin';
  const image = nativeImage.createFromPath(join(folder, mac ? `${icon}-template.png` : `${icon}.png`));
  if (mac) image.setTemplateImage(true);
  return image;
}
