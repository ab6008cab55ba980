package io.naru.doctor.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How it is known which addresses are a node's. */
public enum AddressSource {
  GIVEN("given"),
  DIRECTIONS("the capture says which frames went out"),
  EVERY_PACKET("every packet of its capture has it"),
  ONLY_PEER("the only peer in the other capture"),
  LONE_SENDER("it sent packets that only its own capture shows"),
  GUESS("a guess: both captures show the same packets"),
  UNKNOWN("unknown");

  private final String text;

  AddressSource(String text) {
    this.text = text;
  }

  /** Whether the node's own capture shows it, or a person said it. */
  public boolean isSure() {
    return this == GIVEN || this == DIRECTIONS || this == EVERY_PACKET;
  }

  /** What programs read. */
  @JsonValue
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String toString() {
    return text;
  }
}
