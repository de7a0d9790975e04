/** English texts of 3D, rooms and the mirror: the keys that the other languages must have. */

export const arEn = {
  // a product in 3D
  pictures: "Pictures",
  in3d: "3D",
  showIn3d: "See in 3D",
  model: (title: string) => `3D model of ${title}. Drag or use the arrow keys to turn it.`,
  turnHint: "Drag to turn, pinch to come closer",
  loading3d: "Loading the 3D model",
  failed3d: "The 3D model could not be loaded.",
  realSize: (size: string) => `Real size: ${size}`,
  widthHeightDepth: "width × height × depth",
  look: "Look",
  inYourRoom: "In your room",
  onThisPhone: "Open this page on a phone to see it in your room.",
  roomFailed: "The view in your room could not be opened here.",
  sides: {
    left: "From the left",
    right: "From the right",
    front: "From the front",
    back: "From behind",
    "upper-left": "From above left",
    "upper-right": "From above right",
    "upper-front": "From above in front",
    "upper-back": "From above behind",
    "lower-left": "From below left",
    "lower-right": "From below right",
    "lower-front": "From below in front",
    "lower-back": "From below behind",
  },

  // the mirror
  tryOn: "Try on",
  mirror: (title: string) => `Mirror: ${title}`,
  stays: "Pictures never leave your device",
  startMirror: "Turn on the camera",
  startMirrorMore: "See it on you. The camera's pictures are worked on here and are not sent anywhere.",
  starting: "Getting the mirror ready",
  startingMore: "The first time loads about 10 MB.",
  lookHere: "Bring your face into the picture",
  seen: "Your face is in the picture",
  trueSize: "Shown in true size",
  compare: "Compare",
  compareWith: (name: string) => `Compare with ${name}`,
  compareOff: "Stop comparing",
  divider: (left: string, right: string) => `${left} on the left, ${right} on the right`,
  without: "Without",
  takePicture: "Take a picture",
  pictureTaken: "Your picture",
  save: "Save",
  sharePicture: "Share",
  pictureName: "try-on",
  pictureFailed: "The picture could not be made. Try again.",
  looks: "Looks",
  matte: "Matte",
  satin: "Satin",
  gloss: "Gloss",

  // no camera
  problems: {
    camera_denied: "The camera is blocked",
    camera_missing: "No camera was found",
    camera_busy: "The camera is in use",
    camera_insecure: "The camera needs a secure page",
    camera_failed: "The camera does not start",
    try_on_unavailable: "The mirror could not be loaded",
    model_unavailable: "The 3D model could not be loaded",
  } as Record<string, string>,
  problemsMore: {
    camera_denied: "Allow the camera for this page in your browser's address bar, then try again.",
    camera_missing: "Connect a camera, or open this page on your phone.",
    camera_busy: "Close the other app or tab that uses it, then try again.",
    camera_insecure: "Open this page with https.",
    camera_failed: "Unplug it or restart the browser, then try again.",
    try_on_unavailable: "Check your connection, then try again.",
    model_unavailable: "Check your connection, then try again.",
  } as Record<string, string>,
  seeIn3dInstead: "See it in 3D instead",

  // picked out of the video
  pickUp: "Pick it up",
  pickUpThis: (title: string) => `Pick up ${title} and turn it`,
  held: (title: string) => `${title} is in your hand. Arrow keys turn it, Escape puts it back.`,
  putBack: "Put it back",
  heldHint: "Drag to turn. Pull down to put it back.",

  // everyone try this
  invited: "Try this on now",
  invitedMore: (host: string, title: string) => `${host} invites you to try ${title}.`,
  later: "Not now",
};

export type ArTexts = typeof arEn;
