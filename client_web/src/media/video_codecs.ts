/** H.264 first (hardware on phones, usable for HLS), VP8 as the one that everybody has; the rest is not offered. */

type Transceiver = Pick<RTCRtpTransceiver, "setCodecPreferences">;

export function orderedVideoCodecs(codecs: readonly RTCRtpCodec[]): RTCRtpCodec[] {
  const rank = ({ mimeType, sdpFmtpLine = "" }: RTCRtpCodec): number => {
    switch (mimeType.toLowerCase()) {
      case "video/h264":
        // packetization mode 1 lets a frame span packets; constrained baseline (42e0) decodes everywhere
        return (
          (sdpFmtpLine.includes("packetization-mode=1") ? 0 : 2) +
          (/profile-level-id=42/i.test(sdpFmtpLine) ? 0 : 1)
        );
      case "video/vp8":
        return 4;
      case "video/rtx":
        return 5;
      default:
        return 9;
    }
  };
  return codecs
    .map((codec) => ({ codec, order: rank(codec) }))
    .filter(({ order }) => order < 9)
    .sort((a, b) => a.order - b.order)
    .map(({ codec }) => codec);
}

export function preferVideoCodecs(transceiver: Transceiver, capabilities: RTCRtpCapabilities | null): void {
  const codecs = orderedVideoCodecs(capabilities?.codecs ?? []);
  if (codecs.length === 0 || !("setCodecPreferences" in transceiver)) return;
  try {
    transceiver.setCodecPreferences(codecs);
  } catch {
    // an older browser that is strict about its own order
  }
}
