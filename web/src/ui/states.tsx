import type { ComponentChildren, JSX } from "preact";
import { Button } from "./button";
import { Baton, type Meaning } from "./marks";
import { t } from "./texts/basic";

interface StateProps {
  title: string;
  /** What will change it, or what to do. */
  children?: ComponentChildren;
  testid?: string;
}

function Batons({ meaning }: { meaning: Meaning }): JSX.Element {
  return <div class={`batons mark-${meaning}`}>{[0, 1, 2].map((each) => <Baton meaning={meaning} key={each} />)}</div>;
}

/** Nothing is here, and that is right so: say when something will be. */
export function Empty({ title, children, testid = "empty" }: StateProps): JSX.Element {
  return (
    <div class="state" data-testid={testid}>
      <Batons meaning="waits" />
      <p class="title">{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}

/** It is on its way. */
export function Loading({ title = t.loading }: { title?: string }): JSX.Element {
  return (
    <div class="state loading" role="status" data-testid="loading">
      <Batons meaning="waits" />
      <p class="title">{title}</p>
    </div>
  );
}

/** It could not be had: say why, and let it be tried again. */
export function Failed({ title, children, onRetry, testid = "failed" }: StateProps & { onRetry?: () => unknown }): JSX.Element {
  return (
    <div class="state" role="alert" data-testid={testid}>
      <Batons meaning="late" />
      <p class="title">{title}</p>
      {children && <p>{children}</p>}
      {onRetry && <Button onPress={onRetry} testid="retry">{t.retry}</Button>}
    </div>
  );
}
