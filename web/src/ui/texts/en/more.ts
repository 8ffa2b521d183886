import { formatDuration, plural } from "../../format";
import { common } from "./common";

/** What both pages say. */
export const more = {
  ...common,

  // -- anywhere
  cancel: "Cancel",
  close: "Close",
  signOut: "Sign out",
  preferences: "Preferences",
  shortcuts: "Keyboard shortcuts",
  reason: "Reason",
  anotherReason: "Another reason",
  chooseReason: "Choose a reason, or write another one.",
  codeRule: "Letters a–z, digits, spaces and . _ -, at most 64",
  selectAll: "Select all",
  ago: (ms: number) => `${formatDuration(ms)} ago`,

  dashboard: "Supervisor dashboard",

  // -- connection
  reconnecting: "Connection lost, reconnecting…",
  reconnectingIn: (seconds: number) => plural(seconds, { one: "Connection lost, next attempt in # second.", other: "Connection lost, next attempt in # seconds." }),
  retryNow: "Retry now",
  connectAgain: "Connect again",
  signIn: "Sign in",
  draining: "The server restarts shortly; this page reconnects by itself.",
  tooManyTabs: "This account is open in too many tabs. Close one, and this one connects.",
  offlineSince: (when: string) => `No connection. What you see is how it stood at ${when}; nothing can be changed.`,
  sessionEnded: (reason: string) => `Session ended: ${reason}`,

  // -- signing in
  workspace: "Workspace",
  yourName: "Your name",
  token: "Token",

  // -- preferences
  theme: "Colours",
  themes: { system: "As the system has them", light: "Light", dark: "Dark" },
  density: "Density",
  densities: { comfortable: "Comfortable", compact: "Compact" },
  sound: "Sound of an offer",
  sounds: { off: "Off", once: "Once", looped: "Until it is answered" },
  volume: "Volume",
  testSound: "Play it",
  stopSound: "Stop the sound",
  notifications: "Notifications of this device",
  notificationsRefused: "This browser does not allow them for this site; its own settings can.",
  askNotifications: "Show notifications",
  shortcutsOn: "Keyboard shortcuts",
  opensRecord: "Open the case's record when I accept it",
  install: "Install as an app",

  // -- shortcuts
  shortcutsAreOff: "They are switched off.",
  keysHere: "Here",
  keysInLists: "In lists and tables",
  shortcutNames: {
    accept: "Accept the ringing offer",
    decline: "Decline the ringing offer",
    return: "Return the chosen case",
    next: "Next one",
    previous: "The one before",
    status: "Choose a status by its place in the menu",
    screen: "Show a screen by its place in the list",
    pause: "Pause what is shown, or go on",
    search: "Search",
    help: "Show these shortcuts",
    close: "Close what is open",
    row: "Next row, the one before",
    ends: "First row, last one",
    open: "Open the row",
    pick: "Choose the row; with Shift, all up to it",
    pickAll: "Choose all rows",
  },

  // -- alerts outside the page
  offersInTitle: (count: number) => plural(count, { one: "(#) Offer", other: "(#) Offers" }),
};
