import { formatNumber, plural } from "../../format";

// Columns that come five at a time: the mean, and what so many did not exceed.
const LENGTHS = { mean: "mean", p50: "half within", p90: "90% within", p95: "95% within", p99: "99% within" } as const;

function lengths(name: string, title: string): Record<string, string> {
  return Object.fromEntries(Object.entries(LENGTHS).map(([part, says]) => [`${name}_${part}_ms`, `${title}, ${says}`]));
}

function bounds(name: string, title: string): Record<string, string> {
  const LIMITS = { "1m": "to 1 min", "5m": "to 5 min", "15m": "to 15 min", "1h": "to 1 h", "4h": "to 4 h", "1d": "to 1 day", "7d": "to 7 days", longer: "longer" };
  return Object.fromEntries(Object.entries(LIMITS).map(([part, says]) => [`${name}_${part}`, `${title} ${says}`]));
}

/** What the dashboard says of reports, of a case's life, and of erasing a customer. */
export const reports = {
  // -- what is asked
  which: "Report",
  names: { service: "Waiting and service", agents: "Agents", reasons: "Reasons", ageing: "Ageing", staffing: "Staffing", field: "Field service" },
  rules: {
    service: "How long cases waited, and what became of them",
    agents: "What agents did, and where their time went",
    reasons: "Why cases were declined, returned, sent on, and how they were closed",
    ageing: "What is under way now, and for how long already",
    staffing: "Were there enough agents for each queue?",
    field: "Appointments: accepted how soon, in time, how long each stage took",
  },
  period: "Period",
  periods: {
    today: "Today", yesterday: "Yesterday", this_week: "This week", last_week: "Last week", last_7_days: "Last 7 days", last_28_days: "Last 28 days", last_30_days: "Last 30 days",
    this_month: "This month", last_month: "Last month", dates: "From – until…", unknown: "Choose…",
  },
  noPeriod: (name: string) => `There is no period “${name}”: choose one.`,
  noZone: (name: string) => `There is no time zone “${name}” here: choose another.`,
  noDay: (field: string, text: string) => `${field}: “${text}” is no day. Choose one.`,
  sayDay: (field: string) => `${field}: choose a day.`,
  backwards: "It would end before it begins: choose another day.",
  outOfRange: (field: string, least: string, most: string) => `${field}: write a number from ${least} to ${most}.`,
  from: "From",
  until: "Until, with that day",
  zone: "Time zone",
  by: "By",
  dimensions: { "": "All together", queue: "Queue", channel: "Channel", priority: "Priority", skill: "Skill", agent: "Agent", team: "Team", interval: "Time", what: "What", reason: "Reason" } as Readonly<Record<string, string>>,
  interval: "Interval",
  intervals: {
    "": "As it suits", quarter_hour: "15 min", half_hour: "30 min", hour: "Hour", day: "Day", week: "Week", month: "Month", hour_of_day: "Hour of the day", day_of_week: "Day of the week",
  } as Readonly<Record<string, string>>,
  compare: "Period before",
  csv: "Export as CSV",
  csvFailed: "The file",
  again: "Read again",

  // -- what it is of
  before: (span: string) => `beside ${span}`,
  asOf: (time: string) => `as of ${time}`,
  now: (time: string) => `As it stands at ${time}`,
  lastEvent: (time: string) => `last event ${time}`,
  begins: (time: string) => `The history begins at ${time}: what was before is not in these numbers.`,
  nothingYet: "The history has nothing yet",
  failed: "The report could not be made.",
  noHistory: "This server keeps no history",
  noHistoryAdvice: "Its history_url is “none”. Leave the setting empty, and the history is kept in the data directory; or name a PostgreSQL. Then start it again.",
  notReady: "The history is being set up",
  notReadyAdvice: "Its tables are made by the process that writes it. Try again in a moment; casebaton serve starts it.",
  nothing: "Nothing of the kind happened in this period",
  nothingAdvice: "Choose a longer one, or look at all queues.",
  nothingStaffedAdvice: "The quarter hour that is running, and what was before the history began, are left out. Choose a longer one, or look at all queues.",
  noQuarter: "The history has no whole quarter hour of this period",
  noQuarterAdvice: "Staffing leaves out the quarter hour that is running and those that began before the history did. Come back when one is over, or choose a longer period.",
  ofBefore: (value: string) => `before: ${value}`,

  // -- tables and definitions
  legend: "What each number means",
  named: (title: string) => `“${title}”`,
  define: (name: string) => `${name}: what it means`,
  allColumns: "All numbers",
  sortBy: (name: string) => `Sort by ${name}`,
  total: "All",
  noName: "without",
  rowsShown: (shown: number, all: number) => `The first ${formatNumber(shown)} of ${formatNumber(all)}. The CSV has all.`,
  inNumbers: "The same in numbers",
  columns: {
    arrived: "Arrived", reopened: "Reopened", owned: "Owned", in_time: "In time", abandoned: "Abandoned", short_abandoned: "Left at once", cancelled: "Withdrawn", unowned: "Not owned yet", overdue: "Overdue",
    level: "Service level", target_ms: "Target", abandoned_share: "Abandoned, share", ...lengths("first_owner", "First owner"), handle_mean_ms: "Handle time", waiting: "Waiting at a time",
    stays_begun: "Stays", stays_again: "Stays again", pushed: "Pushed", taken: "Taken", assigned: "Assigned", offered: "Offered", accepted: "Accepted", declined: "Declined", missed: "Missed", revoked: "Taken back",
    missed_share: "Missed, share", returned: "Returned", transferred: "Sent on", overflowed: "Overflowed", closed: "Closed", ended_again: "Ended in line again", reopened_share: "Reopened, share", open_ms: "Open for",
    response_mean_ms: "Answered after", ...lengths("response", "Answered after"), handled: "Handled", handed_on: "Handed on", shared: "Beside others", wrap_up_mean_ms: "Wrap-up", parked_mean_ms: "Parked",
    ...lengths("stint", "Handle time"), online_ms: "Online", busy_ms: "Busy", offline_ms: "Offline", not_responding_ms: "Not responding", gone_ms: "Without connection", full_ms: "Full", full_interruptible_ms: "Full, interruptible",
    idle_ms: "Idle", working_share: "Working", occupancy: "Occupancy", occupancy_primary: "Occupancy, primary", occupancy_interruptible: "Occupancy, interruptible",
    count: "How often", share: "Share", total_ms: "Time", stays: "Stays", mean_ms: "Mean", p50_ms: "Half within", p90_ms: "90% within", p95_ms: "95% within", p99_ms: "99% within",
    oldest_wait_ms: "Longest wait", oldest_age_ms: "Oldest, age", oldest_owned_ms: "Longest in hand", ...bounds("in_line", "In line"), ...bounds("owned", "In hand"),
    active: "Active", parked: "Parked", wrapping: "Wrapping up", idle_owned: "Owned, idle",
    load: "Load", agents: "Agents present", needed: "Agents needed", missing: "Missing", spare: "To spare", expected: "Level expected", within_ms: "In time", patience_ms: "Patience", at_once: "At once", model: "Model",
    ...lengths("acceptance", "Accepted after"), early: "Early", in_window: "In the window", late: "Late", on_time_share: "On time", ...lengths("lateness", "Late by"),
    ...lengths("scheduled", "Scheduled"), ...lengths("dispatched", "Dispatched"), ...lengths("travelling", "Travelling"), ...lengths("in_progress", "In progress"),
    completed: "Completed", cannot_complete: "Not completed", cannot_complete_share: "Not completed, share", reasons: "Reasons",
  } as Readonly<Record<string, string>>,
  columnsOf: {
    ageing: { waiting: "Waiting", offered: "Ringing" },
    field: { arrived: "Came", cancelled: "Cancelled" },
  } as Readonly<Partial<Record<string, Readonly<Record<string, string>>>>>,

  // -- waiting and service
  levelChart: "Service level",
  wanted: "Target",
  waitingChart: "Waiting, on average",
  waitingLabel: (highest: string) => `Waiting at a time, on average over each interval: at most ${highest}`,
  levelLabel: (lowest: string, target: string) => `Service level of each interval: at least ${lowest}, target ${target}`,
  dwellChart: "How long a stay in the line lasted",
  dwellLabel: (count: number, p50: string, p90: string, p95: string, p99: string) =>
    `${plural(count, { one: "# stay", other: "# stays" })}: half lasted at most ${p50}, 90% at most ${p90}, 95% at most ${p95}, 99% at most ${p99}`,
  dwellRule: "How many stays lasted how long; the lines mark the percentiles.",
  bin: (after: string, until: string, count: number, share: string) => `${after} to ${until}: ${plural(count, { one: "# stay", other: "# stays" })}; up to here ${share}`,
  percentiles: { p50: "half", p90: "90%", p95: "95%", p99: "99%" },
  binHead: "Longer than – at most",
  binCount: "Stays",
  binUpTo: "Up to here",
  waitsChart: "Where waiting time went",
  waitsRule: "Each moment of a wait has one cause; together they are all of it.",
  causes: {
    stopped: "Queue stopped", offered: "Rang", named: "For one agent alone", untaken: "Nobody took it", no_agent: "Nobody there", cooling: "Kept from it", busy: "All busy", engine: "Being matched",
  } as Readonly<Record<string, string>>,
  staysOf: (count: string) => `${count} stays`,

  // -- agents
  timesChart: "Where their time went",
  longestTimes: (count: number) => `The ${formatNumber(count)} who were there for longest.`,
  agentTimes: { working: "Online, at work", idle: "Online, idle", busy: "Busy", not_responding: "Not responding", offline: "Offline, connected" },
  statusChart: "Time in each status",
  readLater: "Read a moment later than the numbers above: it may be some seconds ahead of them.",
  status: "Status",
  workAlone: "By queue or channel it is their work alone: their time is of all queues together.",

  // -- reasons
  whats: {
    declined: "Declined", returned: "Returned", transferred: "Sent on", cancelled: "Cancelled", abandoned: "Abandoned", closed: "Closed as", revoked: "Offers taken back", cannot_complete: "Appointments not completed",
    reopened: "Reopened", missed: "Missed", assigned: "Assigned", parked: "Parked", transfer_failed: "Handing over failed",
  } as Readonly<Record<string, string>>,
  noReason: "without a word",

  // -- ageing
  inLine: "In the line",
  inHand: "In somebody's hands",
  bounds: { "1m": "1 min", "5m": "5 min", "15m": "15 min", "1h": "1 h", "4h": "4 h", "1d": "1 day", "7d": "7 days", longer: "longer" } as Readonly<Record<string, string>>,
  upTo: (bound: string) => `up to ${bound}`,
  boundLabel: (what: string, count: number) => `${what}: ${plural(count, { one: "# case", other: "# cases" })}`,

  // -- staffing
  staffChart: (queue: string) => `${queue}: agents there, and agents needed`,
  there: "Agents there",
  needed: "Agents needed",
  staffLabel: (queue: string, most: string, missing: number) => `${queue}: at most ${most} agents needed; too few in ${plural(missing, { one: "# interval", other: "# intervals" })}`,
  advice: "What would help",
  noAdvice: "In no interval more agents are needed for the goal.",
  assumptions: "What this assumes",
  goal: "Goal, in %",
  goalRule: "80 unless said",
  within: "In time within (s)",
  withinRule: "As the queue's service level",
  atOnce: "Cases at once",
  atOnceRule: "As measured",
  model: { C: "Erlang C", A: "Erlang A" } as Readonly<Record<string, string>>,
  moreAdvice: (count: number) => plural(count, { one: "And # more, in the table.", other: "And # more, in the table." }),
  moreQueues: (count: number) => `The ${formatNumber(count)} queues that lack most; choose one above to see another.`,

  // -- field service
  stages: "How long each stage took",
  whyNot: "Why appointments could not be completed",
  stage: { acceptance: "Until accepted", scheduled: "Scheduled", dispatched: "Dispatched", travelling: "Travelling", in_progress: "In progress", lateness: "Late by" } as Readonly<Record<string, string>>,
  stageHead: "Stage",
  lengthHeads: { mean: "Mean", p50: "Half within", p90: "90% within", p95: "95% within", p99: "99% within" } as Readonly<Record<string, string>>,

  // -- a case's life
  life: "Its whole life, from the history",
  lifeCut: "There was more before: only the last events are told.",
  after: (time: string) => `after ${time}`,
  lifeFailed: "The history could not be asked.",
  lifeNothing: "The history has nothing of it.",
  hasEnded: "It has ended and left the store. This is what the history has of it.",
  endedHow: { closed: "Closed", cancelled: "Cancelled", abandoned: "Abandoned" } as Readonly<Record<string, string>>,

  // -- finding ended cases
  ended: "Ended cases",
  lookEnded: "Look among ended cases, too",
  endedFound: (count: number) => plural(count, { one: "# ended case", other: "# ended cases" }),
  endedMore: "There are more: another word narrows them down.",
  endedBackTo: (time: string) => `Looked at back to ${time}. Older ones are found by their whole id or customer.`,
  noEnded: "No ended case has these words",
  noEndedAdvice: "Of old ones only the whole id or the whole customer is found.",
  endedColumns: { subject: "Subject", how: "Ended", when: "When", queue: "Queue", agent: "With", customer: "Customer", disposition: "Outcome" },

  // -- erasing a customer
  erase: "Erase this customer…",
  eraseTitle: (customer: string) => `Erase “${customer}”?`,
  eraseGoes: "What goes, of all cases of exactly this customer, live and ended: subject, customer, link and place, data, and notes; here, in the history, and in the log.",
  eraseStays: "What stays: the cases themselves, whose they were, and every figure. Who erased and when is written down, not whom.",
  eraseNext: "Go on",
  eraseAgain: "This cannot be undone.",
  eraseConfirm: "Erase for good",
  erased: (count: number) => plural(count, { one: "Erased. # live case has lost its card; ended ones follow within a minute.", other: "Erased. # live cases have lost their cards; ended ones follow within a minute." }),
};
