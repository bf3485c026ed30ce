import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect } from 'vitest';
import type { FaultCode } from '../../../shared/fault.ts';
import type { Push, RequestName } from '../../../shared/ipc.ts';
import type { FakeBridge } from './fake-bridge.ts';
import { buildHarness, type Shown, show } from './harness.ts';
import type { ScenarioName } from './scenarios.ts';

let shown: Shown | null = null;
let axe = '';

/** The built window in a real Electron; behind its bridge stands a fake that keeps every request. For a test file. */
export function driveWindow(): void {
  beforeAll(async () => {
    await buildHarness();
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  }, 120_000);

  afterEach(async () => {
    const lines = shown?.console ?? [];
    await shown?.app.close();
    shown = null;
    expect(lines, 'nothing is written to the console, least of all that the CSP was violated').toEqual([]);
  });
}

export async function open(scenario: ScenarioName, view: string, width = 1280): Promise<Page> {
  shown = await show(scenario, width);
  await shown.page.getByRole('tab', { name: view }).click();
  return shown.page;
}

interface Main {
  bridge: FakeBridge;
}

/** What was asked under that name, oldest first. */
export async function requests(name: RequestName): Promise<unknown[]> {
  const all = await shown?.app.evaluate(() => (globalThis as unknown as Main).bridge.requests);
  return (all ?? []).filter((request) => request.name === name).map((request) => request.input);
}

/** The names of all that was asked, oldest first. */
export const allRequests = async (): Promise<RequestName[]> =>
  (await shown?.app.evaluate(() => (globalThis as unknown as Main).bridge.requests.map(({ name }) => name))) ?? [];

export const refuseNext = async (code: FaultCode): Promise<void> =>
  shown?.app.evaluate((_electron, wanted) => (globalThis as unknown as Main).bridge.refuseNext(wanted), code);

export const goToScenario = async (name: ScenarioName): Promise<void> =>
  shown?.app.evaluate((_electron, wanted) => (globalThis as unknown as Main).bridge.scenario(wanted), name);

/** Slices that change, as the main process would push them. */
export const change = async (slices: Push['slices']): Promise<void> =>
  shown?.app.evaluate((_electron, changed) => (globalThis as unknown as Main).bridge.change(changed), slices);

/** A push that gets lost on the way. */
export const changeSilently = async (slices: Push['slices']): Promise<void> =>
  shown?.app.evaluate((_electron, changed) => (globalThis as unknown as Main).bridge.changeSilently(changed), slices);

export const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(() => {
    const at = document.activeElement;
    return (at?.getAttribute('aria-label') ?? at?.textContent ?? undefined)?.replace(/\s/g, ' ');
  });
export const told = (page: Page): Promise<string> => page.getByTestId('polite').innerText();

/** Presses Tab until what has this name is reached, as one does who has no mouse. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to "${name}"`);
}

/**
 * What axe-core calls serious or critical, with where. Colours half-way from one to another are nobody's choice. The hint of
 * a menu item is its description (aria-describedby); axe takes all that is seen in it for its label.
 * @see https://www.w3.org/WAI/WCAG22/Understanding/label-in-name.html
 */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
  await page.evaluate(axe);
  return page.evaluate(async () => {
    interface Result {
      violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
    }
    const { axe: tool } = globalThis as unknown as { axe: { run(): Promise<Result> } };
    const result = await tool.run();
    return result.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .flatMap((each) =>
        each.nodes
          .filter(
            ({ html }) =>
              each.id !== 'label-content-name-mismatch' ||
              !/^<div [^>]*role="menuitem"[^>]*aria-describedby=/.test(html),
          )
          .map((node) => `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
      );
  });
}

/** Whatever can be scrolled sideways or sticks out of the window. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('html, body, body *')]
      .filter((each) => !each.closest('.visually-hidden, [data-live-announcer], select, svg'))
      .filter((each) => {
        const { overflowX } = getComputedStyle(each);
        const scrolls = overflowX === 'auto' || overflowX === 'scroll' || each === document.documentElement;
        const sticksOut = each.getBoundingClientRect().right > innerWidth + 1 && each.getBoundingClientRect().width > 1;
        return (scrolls && each.scrollWidth > each.clientWidth + 1) || sticksOut;
      })
      .map((each) => `${each.tagName} ${each.className} ${each.textContent?.slice(0, 40)}`),
  );
}
