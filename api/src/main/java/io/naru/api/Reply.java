package io.naru.api;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The one line that answers a request.
 *
 * @param ok whether {@code result} holds the answer; else {@code code} and {@code message} say why
 *     not
 * @param code a stable error code, {@code NARU-…}
 */
public record Reply(
    boolean ok, Optional<JsonNode> result, Optional<String> code, Optional<String> message) {
  public static Reply of(JsonNode result) {
    return new Reply(true, Optional.of(result), Optional.empty(), Optional.empty());
  }

  public static Reply failure(String code, String message) {
    return new Reply(false, Optional.empty(), Optional.of(code), Optional.of(message));
  }
}
