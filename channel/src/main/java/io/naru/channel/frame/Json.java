package io.naru.channel.frame;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The one way in which values become JSON: addresses and names as their text, instants as ISO 8601,
 * an empty {@code Optional} as an absent key. Unknown keys are ignored, so that an older program
 * understands a newer one.
 */
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .addModule(TextForms.module())
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** The configured mapper, for what the methods here do not offer. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** The value as JSON without a line feed. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JacksonException e) {
      throw new NaruException(
          ErrorCode.INTERNAL, "a " + value.getClass().getSimpleName() + " cannot be written", e);
    }
  }

  /**
   * The value a JSON text says.
   *
   * @throws NaruException MALFORMED if it is not JSON or not such a value
   */
  public static <T> T read(String text, Class<T> type) {
    try {
      return present(MAPPER.readValue(text, type), type);
    } catch (JacksonException e) {
      throw malformed(type, e);
    }
  }

  /** The value a JSON tree says; MALFORMED if it does not. */
  public static <T> T read(JsonNode tree, Class<T> type) {
    try {
      return present(MAPPER.treeToValue(tree, type), type);
    } catch (JacksonException e) {
      throw malformed(type, e);
    }
  }

  /** The value as a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /**
   * The value as a leaf of a tree that is only going to be written: a large one need not become a
   * tree, which takes many times its room.
   */
  public static JsonNode leaf(Object value) {
    return MAPPER.getNodeFactory().pojoNode(value);
  }

  private static <T> T present(T value, Class<T> type) {
    if (value == null) {
      throw new NaruException(
          ErrorCode.MALFORMED, "JSON null where a " + type.getSimpleName() + " must be");
    }
    return value;
  }

  private static NaruException malformed(Class<?> type, JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NaruException naru) {
        return new NaruException(
            ErrorCode.MALFORMED, "not a " + type.getSimpleName() + ": " + naru.sentence(), e);
      }
    }
    return new NaruException(
        ErrorCode.MALFORMED, "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
  }
}
