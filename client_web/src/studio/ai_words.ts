/** What the AI host's desk says, in the operator's language. Pure. */

import type { AiDesk, AiFinding, AiMood, AiSteering } from "../protocol/messages.ts";
import type { StudioTexts } from "../texts/studio.ts";

export type AiState = "speaking" | "paused" | "yours" | "standing_by";

export function aiState(desk: AiDesk): AiState {
  if (!desk.is_on_air) return "standing_by";
  if (desk.is_paused) return "paused";
  return desk.floor === "human" || desk.floor === "leaving" ? "yours" : "speaking";
}

export function stateText(state: AiState, texts: StudioTexts): string {
  return {
    speaking: texts.aiSpeaking,
    paused: texts.aiPaused,
    yours: texts.aiYourFloor,
    standing_by: texts.aiStandingBy,
  }[state];
}

export function moodText(mood: AiMood, texts: StudioTexts): string {
  return {
    delighted: texts.aiMoodDelighted,
    calm: texts.aiMoodCalm,
    confused: texts.aiMoodConfused,
    price_sensitive: texts.aiMoodPrice,
    upset: texts.aiMoodUpset,
  }[mood];
}

/** What the host does about the room's mood. */
export function steeringText(steering: AiSteering, texts: StudioTexts): string {
  return {
    slower: texts.aiSteersSlower,
    explains_price: texts.aiSteersPrice,
    calls_person: texts.aiSteersPerson,
  }[steering];
}

/** One sentence per finding, each once. */
export function findingTexts(findings: readonly AiFinding[], texts: StudioTexts): string[] {
  return [...new Set(findings.map((finding) => findingText(finding, texts)))];
}

function findingText(finding: AiFinding, texts: StudioTexts): string {
  switch (finding.kind) {
    case "banned":
      return texts.aiFindingRule(finding.found, ruleText(finding.rule, texts));
    case "name":
      return texts.aiFindingName(finding.found);
    case "contact":
      return texts.aiFindingContact(finding.found);
    case "too_long":
      return texts.aiFindingLong;
    default:
      return texts.aiFindingFact(finding.found);
  }
}

function ruleText(rule: string, texts: StudioTexts): string {
  const known: Record<string, string> = {
    superlative: texts.aiRuleSuperlative,
    absolute: texts.aiRuleAbsolute,
    medical: texts.aiRuleMedical,
    scarcity: texts.aiRuleScarcity,
    time_pressure: texts.aiRuleTimePressure,
    original_price: texts.aiRuleOriginalPrice,
    free: texts.aiRuleFree,
    authority: texts.aiRuleAuthority,
  };
  return known[rule] ?? texts.aiRuleOther;
}
