// The clients as one script for a page: `window.clients`.
export { WHEPClient } from "whip-whep/whep.js";
export { WHIPClient } from "whip-whep/whip.js";
export { WebRTCPlayer } from "@eyevinn/webrtc-player";
