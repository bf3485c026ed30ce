import type { ReactElement } from 'react';
import { assertNever } from '../../shared/assert-never.ts';
import type { StepKind } from '../../shared/sequence.ts';

export type IconName = keyof typeof shapes;

/** Drawn on a 16 x 16 grid with one stroke width. A word always stands beside an icon, so none speaks for itself. */
const shapes = {
  plug: <path d="M5.5 1.5v3.5M10.5 1.5v3.5M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5" />,
  'plug-gap': <path d="M5.5 1.5v3M10.5 1.5v3M3.5 4.5h9v2a4.5 4.5 0 0 1-9 0zM8 11v.8M8 13.7v.8M2 14 14 2" />,
  question: (
    <path d="M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM6.2 6.3a1.9 1.9 0 1 1 2.7 1.9c-.6.3-.9.7-.9 1.3M8 11.6v.1" />
  ),
  battery: <path d="M1.5 5h11v6h-11zM14.5 7v2M4 7.2v1.6M6.5 7.2v1.6" />,
  'battery-low': <path d="M1.5 5h11v6h-11zM14.5 7v2M3.8 7.2v1.6" />,
  down: <path d="M8 2v11M3.5 8.5 8 13l4.5-4.5" />,
  back: <path d="M8 14V3M3.5 7.5 8 3l4.5 4.5" />,
  alert: <path d="M8 1.8 15 14H1zM8 6.2v4M8 12.2v.1" />,
  check: <path d="m2.5 8.5 3.7 3.7 7.3-8" />,
  cross: <path d="m3.5 3.5 9 9M12.5 3.5l-9 9" />,
  dot: <path d="M8 8h.01" strokeWidth="4" />,
  play: <path d="M4.5 2.5v11l9-5.5z" />,
  stop: <path d="M3.5 3.5h9v9h-9z" />,
  skip: <path d="M2.5 8h9M8 4.5 11.5 8 8 11.5M13.5 3.5v9" />,
  gauge: <path d="M2.2 12.5a6.5 6.5 0 1 1 11.6 0M8 9.5l3-4" />,
  lanes: <path d="M1.5 3h13M1.5 8h9M1.5 13h5M12.5 10.5v4M10.5 12.5l2 2 2-2" />,
  list: <path d="M5.5 3.5h9M5.5 8h9M5.5 12.5h9M2 3.5h.01M2 8h.01M2 12.5h.01" />,
  chart: <path d="M1.5 1.5v13h13M4 10.5l3-4 2.5 2.5L14 4" />,
  gear: (
    <path d="M8 10.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4" />
  ),
  plus: <path d="M8 2.5v11M2.5 8h11" />,
  more: <path d="M3 8h.01M8 8h.01M13 8h.01" strokeWidth="2.2" />,
  grip: <path d="M6 3.5h.01M10 3.5h.01M6 8h.01M10 8h.01M6 12.5h.01M10 12.5h.01" strokeWidth="2" />,
  undo: <path d="M5.5 2.5 2 6l3.5 3.5M2.5 6H10a3.75 3.75 0 0 1 0 7.5H6.5" />,
  redo: <path d="M10.5 2.5 14 6l-3.5 3.5M13.5 6H6a3.75 3.75 0 0 0 0 7.5h3.5" />,
  power: <path d="M8 1.5v6M4.5 3.6a5.5 5.5 0 1 0 7 0" />,
  stack: <path d="M8 1.5 14.5 5 8 8.5 1.5 5zM1.5 8 8 11.5 14.5 8M1.5 11 8 14.5l6.5-3.5" />,
  wrench: (
    <path d="M14 4.2a3.7 3.7 0 0 1-4.9 4.4L4.3 13.4a1.6 1.6 0 0 1-2.3-2.3l4.9-4.8A3.7 3.7 0 0 1 11.5 1.6L9.3 3.9l2.5 2.5z" />
  ),
  sun: (
    <path d="M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3.1 3.1l1 1M11.9 11.9l1 1M12.9 3.1l-1 1M4.1 11.9l-1 1" />
  ),
  terminal: <path d="m2.5 3.5 4.5 4.5-4.5 4.5M8 13h5.5" />,
  clock: <path d="M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 2" />,
  bell: <path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5l1 1.5h-11zM6.5 14.5h3" />,
  copy: <path d="M5.5 5.5h8v9h-8zM3.5 10.5h-1v-9h8v2" />,
  key: <path d="M5 14a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM7.2 8.8 14 2M11 5l2 2" />,
} as const;

interface IconProps {
  name: IconName;
  size?: number;
}

export function Icon({ name, size = 16 }: IconProps): ReactElement {
  return (
    <svg
      width={`${size / 14}rem`}
      height={`${size / 14}rem`}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  );
}

export function stepIcon(kind: StepKind): IconName {
  switch (kind) {
    case 'power-off':
      return 'power';
    case 'shut-down-guests':
      return 'stack';
    case 'enter-maintenance':
    case 'exit-maintenance':
    case 'disable-ha':
    case 'enable-ha':
    case 'retreat-vcls':
    case 'restore-vcls':
    case 'ignore-member-updates':
    case 'heed-member-updates':
    case 'prepare-vsan':
    case 'recover-vsan':
    case 'set-ceph-flags':
    case 'unset-ceph-flags':
      return 'wrench';
    case 'migrate-guests':
      return 'stack';
    case 'wait-resync':
      return 'clock';
    case 'ups-off':
      return 'power';
    case 'start-guests':
      return 'play';
    case 'wake':
      return 'sun';
    case 'command':
      return 'terminal';
    case 'wait':
      return 'clock';
    case 'notify':
      return 'bell';
    default:
      return assertNever(kind, 'step kind');
  }
}
