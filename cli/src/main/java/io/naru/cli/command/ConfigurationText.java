package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A network's configuration as people write it: YAML or JSON, decoded but not yet checked. */
final class ConfigurationText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(
              YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .build();

  private ConfigurationText() {}

  /** The keys of a whole file, which may be empty. */
  static Map<String, Object> keys(String text, String source) {
    try {
      JsonNode tree = YAML.readTree(text);
      @Nullable Map<String, Object> keys =
          tree.isMissingNode() || tree.isNull()
              ? Map.of()
              : YAML.treeToValue(tree, new TypeReference<>() {});
      return keys == null ? Map.of() : keys;
    } catch (JacksonException e) {
      throw new NaruException(
          ErrorCode.BAD_CONFIGURATION,
          source + " is not YAML of keys and values: " + e.getOriginalMessage(),
          e);
    }
  }

  /** One key's value, as it would stand behind the key in a file. */
  static Object value(String key, String text) {
    try {
      @Nullable Object value = YAML.readValue(text, Object.class);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw new NaruException(
          ErrorCode.BAD_CONFIGURATION,
          "the value of " + key + " is not YAML: " + e.getOriginalMessage(),
          e);
    }
    throw new NaruException(
        ErrorCode.BAD_CONFIGURATION, key + " has no value; write " + key + "=VALUE");
  }
}
