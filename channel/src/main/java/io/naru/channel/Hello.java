package io.naru.channel;

import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The first line on a connection: what the caller wants to talk about. {@code {"kind":"agent"}} and
 * more keys that the kind defines.
 *
 * @param kind a lower-case word
 * @param fields the whole object, {@code kind} included
 */
public record Hello(String kind, JsonNode fields) {
  /** To an agent's API. */
  public static final String AGENT = "agent";

  /** To the store, from a node with a certificate. */
  public static final String STORE = "store";

  /** To the store, from a host that wants a certificate; the only kind a stranger may ask for. */
  public static final String JOIN = "join";

  /** To the store on this host, from the agent that owns the port: says who is behind it. */
  public static final String RELAY = "relay";

  /** Bound of the line in bytes. */
  public static final int MAXIMUM_LENGTH = 8192;

  private static final Pattern KIND = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public Hello {
    if (!KIND.matcher(kind).matches()) {
      throw new NaruException(ErrorCode.MALFORMED, "a hello's kind must be a lower-case word");
    }
  }

  /** A hello that says no more than its kind. */
  public static Hello of(String kind) {
    return new Hello(kind, Json.mapper().createObjectNode().put("kind", kind));
  }

  /** Parses the line; MALFORMED if it is not a JSON object with a kind. */
  public static Hello parse(String line) {
    JsonNode fields = Json.read(line, JsonNode.class);
    JsonNode kind = fields.path("kind");
    if (!fields.isObject() || !kind.isString()) {
      throw new NaruException(
          ErrorCode.MALFORMED, "the first line must be a JSON object with a kind");
    }
    return new Hello(kind.asString(), fields);
  }

  /** Reads the first line of a connection and sets its bounds for the lines to come. */
  public static Hello read(Connection connection) {
    connection.lines().maximumLength(MAXIMUM_LENGTH);
    String line =
        connection
            .lines()
            .readLine()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.UNAVAILABLE, connection + " closed without a hello"));
    connection.lines().maximumLength(io.naru.channel.frame.JsonLines.DEFAULT_MAXIMUM_LENGTH);
    return parse(line);
  }

  /** Sends it. */
  public void send(Connection connection) {
    connection.lines().writeLine(Json.write(fields));
  }
}
