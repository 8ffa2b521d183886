import { formatNumber, plural } from "../../format";

/** What both pages say as soon as they are seen. */
export const common = {
  // -- anywhere
  appName: "Casebaton",
  account: "Account",
  dismiss: "Dismiss",
  loading: "Loading…",
  retry: "Try again",
  moreNotices: (count: number) => plural(count, { one: "And # more", other: "And # more" }),
  select: (name: string) => `Select ${name}`,
  recordOn: (host: string) => `Record on ${host}`,
  priority: (number: number) => `Priority ${formatNumber(number)}`,

  // -- time and room
  secondsLeft: (seconds: number, about: string) => plural(seconds, { one: `# second left for ${about}`, other: `# seconds left for ${about}` }),
  ofCapacity: (held: number, capacity: number) => `${formatNumber(held)} of ${formatNumber(capacity)}`,
  overCapacity: (over: string) => `${over} more than planned`,

  // -- connection
  reload: "Reload",
  partMissing: "This part of the page could not be loaded.",

  // -- signing in
  wrongRole: (role: string, wanted: string) => `The token is for the role ${role}, and this needs ${/^[aeiou]/.test(wanted) ? "an" : "a"} ${wanted}'s.`,
  noWorkspace: (name: string) => `There is no workspace ${name}.`,

  // -- alerts outside the page
  accept: "Accept",
  decline: "Decline",
};
