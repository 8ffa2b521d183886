import { formatSpoken, plural } from "../../format";

/** What the agent's page says as soon as it is seen. */
export const agent = {
  title: "For agents",

  // -- what happened (names and subjects are given as they are to be shown)
  quoted: (subject: string) => `“${subject}”`,
  setTo: (status: string, why: string) => `You were set to “${status}” ${why}.`,

  // -- status and capacity
  goOnline: "Go online",
  youAreOffline: "You are offline: nothing is offered to you.",
  nothingIsOffered: "Nothing is offered to you.",
  back: "Back",
  backTo: (status: string) => `Back to “${status}”`,
  stay: (status: string) => `Stay “${status}”`,
  nextStatus: (status: string) => `Nothing more is offered to you. When your calls and chats are done you are “${status}”.`,
  whenDone: "When calls and chats are done",
  chooseChannels: "Choose channels…",
  onlyChannels: (channels: string) => `You get offers of ${channels} only.`,
  allChannels: "All channels",
  altKey: (number: number) => `Alt ${number}`,
  capacityIs: "Units of work in your hands, open offers included",
  pools: { primary: "Calls, chats", interruptible: "Cases" },

  // -- offers
  offers: "Offers",
  newOffer: (which: string, queue: string, leftMs: number) => `New offer: ${which}, queue ${queue}, ${formatSpoken(leftMs)}`,
  onYourDesk: (which: string) => `${which} is yours: it is on your desk.`,
  inFull: "The offer in full",
  accepting: "Accepting…",
  declining: "Declining…",
  from: (name: string) => `From ${name}`,

  // -- places
  next: "Next",
  backToLists: "Back to the lists",
  places: "Places",
  queues: "Queues",
  search: "Search",
  appointments: "Appointments",
  day: "My day",
  desk: "My work",
  ownNothing: "Nothing in your hands",
  offersCome: "Offers come here by themselves; from some queues you take.",
  offersComeOnline: "You get offers while you are online.",
  ok: "OK",

  // -- a case
  dueIn: (time: string) => `due in ${time}`,
  lateBy: (time: string) => `late by ${time}`,
  workedOn: "Worked on so far",
  sinceAccepted: "Since it was accepted",
  planned: "Planned",
  parked: "parked",
  wakesAt: (time: string) => `wakes ${time}`,
  wakesSoon: "wakes when you have room",
  wrapUpLeft: "Left of the wrap-up",

  // -- notes, timeline, why
  notes: (count: number) => plural(count, { one: "# note", other: "# notes" }),
};
