import { lazy, Suspense, useState, type ComponentType, type ReactElement } from 'react';

interface Menu<Props> {
  /** Fetches the menu; called when the pointer comes near, so that the click finds it there. */
  load: () => Promise<ComponentType<Props & { defaultOpen?: boolean }>>;
  /** The button as it looks before the menu is there. */
  button: (props: Props, handlers: Handlers) => ReactElement;
}

interface Handlers {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
}

/** A menu whose code comes with the first wish to open it: most visits never do. */
export function onDemandMenu<Props extends object>({ load, button }: Menu<Props>) {
  const Real = lazy(async () => ({ default: await load() }));
  const preload = () => void load();
  return function OnDemandMenu(props: Props) {
    const [wanted, setWanted] = useState(false);
    if (!wanted) {
      return button(props, { onClick: () => setWanted(true), onPointerEnter: preload, onFocus: preload });
    }
    return (
      <Suspense fallback={button(props, {})}>
        <Real {...props} defaultOpen />
      </Suspense>
    );
  };
}
