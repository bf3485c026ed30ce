import type { ReactElement } from 'react';
import {
  Button as AriaButton,
  type ButtonProps as AriaButtonProps,
  Tooltip,
  TooltipTrigger,
} from 'react-aria-components';
import { useIsWatching, whyWatchingId } from '../store/controller.ts';
import styles from './button.module.css';
import { cx } from './cx.ts';
import { Icon, type IconName } from './icons.tsx';

interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'children'> {
  label: string;
  icon?: IconName;
  look?: 'plain' | 'main' | 'danger' | 'quiet';
  /** Shows the icon only; the label is still its name. */
  iconOnly?: boolean;
  /** Shown while the pointer or the focus is on it. */
  tip?: string;
  /** It changes something, which this window may not do while another Glidepath is in control. */
  acts?: boolean;
}

export function Button(props: ButtonProps): ReactElement {
  const { label, icon, look = 'plain', iconOnly = false, tip, acts = false, isDisabled = false, ...rest } = props;
  const isWatching = useIsWatching() && acts;
  const button = (
    <AriaButton
      {...rest}
      isDisabled={isDisabled || isWatching}
      {...(isWatching ? { 'aria-describedby': whyWatchingId } : {})}
      className={cx(styles.button, styles[look], iconOnly && styles.square)}
      {...(iconOnly ? { 'aria-label': label } : {})}
    >
      {icon && <Icon name={icon} />}
      {!iconOnly && <span>{label}</span>}
    </AriaButton>
  );
  if (!tip) return button;
  return (
    <TooltipTrigger delay={600}>
      {button}
      <Tooltip className={cx(styles.tip)} placement="bottom" offset={4}>
        {tip}
      </Tooltip>
    </TooltipTrigger>
  );
}
