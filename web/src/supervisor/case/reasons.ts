import { useDashboard } from "../dashboard";

/** The codes that a channel offers to choose from. */
export interface Reasons {
  return_reasons: readonly string[];
  dispositions: readonly string[];
}

type Lists = Partial<Record<keyof Reasons, readonly string[] | null>>;

/** Those of the channel, or else of the workspace; empty where the configuration has none. */
export function useReasons(channel: string): Reasons {
  const { configuration } = useDashboard();
  const { channels, workspace } = (configuration.rules ?? {}) as { channels?: Record<string, Lists>; workspace?: Lists };
  const list = (name: keyof Reasons): readonly string[] => channels?.[channel]?.[name] ?? workspace?.[name] ?? [];
  return { return_reasons: list("return_reasons"), dispositions: list("dispositions") };
}
