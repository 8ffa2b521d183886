import { formatSpoken } from "../../format";

/** What the agent's page says as soon as it is seen. */
export const agent = {
  title: "For agents",

  // -- what happened (names and subjects are given as they are to be shown)
  quoted: (subject: string) => `“${subject}”`,

  // -- status and capacity
  back: "Back",
  whenDone: "When calls and chats are done",
  chooseChannels: "Choose channels…",
  altKey: (number: number) => `Alt ${number}`,
  capacityIs: "Units of work in your hands; what rings counts, too",
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
};
