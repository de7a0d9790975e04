/** model-viewer with decoders from our own origin. Import this file only when a model is to be shown: it is heavy. */

import { basis, draco } from "virtual:vendored";
import { ModelViewerElement } from "@google/model-viewer";
import nothing from "./nothing.js?url";

const absolute = (url: string): string => new URL(url, import.meta.url).href;

ModelViewerElement.dracoDecoderLocation = draco;
ModelViewerElement.ktx2TranscoderLocation = basis;
ModelViewerElement.meshoptDecoderLocation = absolute(nothing);

export type Viewer = ModelViewerElement;

/** An empty viewer. Its light is neutral, as goods are photographed. */
export function createViewer(): Viewer {
  const viewer = new ModelViewerElement();
  viewer.environmentImage = "neutral";
  viewer.shadowIntensity = 0.7;
  viewer.shadowSoftness = 0.9;
  viewer.cameraControls = true;
  // from where a thing shows its front, one side and its top
  viewer.cameraOrbit = "-28deg 76deg auto";
  viewer.touchAction = "pan-y";
  viewer.interactionPrompt = "none";
  return viewer;
}
