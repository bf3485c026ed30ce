import { type ReactElement, useRef } from 'react';
import { Button } from './button.tsx';
import styles from './order-buttons.module.css';

interface OrderButtonsProps {
  /** The name of what is moved. */
  what: string;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: -1 | 1) => void;
  onRemove?: () => void;
}

/** Up, down, and away, for one of an ordered list. The focus stays with the list, so that a key can be pressed again. */
export function OrderButtons({ what, isFirst, isLast, onMove, onRemove }: OrderButtonsProps): ReactElement {
  const place = useRef<HTMLSpanElement>(null);
  const move = (by: -1 | 1) => {
    const list = place.current?.closest('ul, ol');
    const at = [...(list?.children ?? [])].findIndex((each) => each.contains(place.current));
    onMove(by);
    // The list is drawn anew first.
    requestAnimationFrame(() => {
      const buttons = list?.children[at + by]?.querySelectorAll<HTMLButtonElement>(`[data-order] button`) ?? [];
      const [up, down] = buttons;
      const wanted = by < 0 ? up : down;
      (wanted?.disabled ? (by < 0 ? down : up) : wanted)?.focus();
    });
  };
  const remove = () => {
    const around = place.current?.closest('fieldset');
    onRemove?.();
    requestAnimationFrame(() => around?.querySelector<HTMLElement>('select, textarea, input')?.focus());
  };
  return (
    <span className={styles.buttons} data-order ref={place}>
      <Button
        label={`Move ${what} up`}
        icon="back"
        iconOnly
        look="quiet"
        isDisabled={isFirst}
        onPress={() => move(-1)}
      />
      <Button
        label={`Move ${what} down`}
        icon="down"
        iconOnly
        look="quiet"
        isDisabled={isLast}
        onPress={() => move(1)}
      />
      {onRemove && <Button label={`Remove ${what}`} icon="cross" iconOnly look="quiet" onPress={remove} />}
    </span>
  );
}
