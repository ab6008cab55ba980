package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A file that lists things to be registered, YAML or JSON. */
final class EntryList {
  private static final int LARGEST = 32 << 20;

  private EntryList() {}

  /** The file's text. */
  static String text(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new NaruException(
            ErrorCode.BAD_INPUT, file + " is larger than " + LARGEST + " bytes; split it");
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new NaruException(ErrorCode.FILE_FAILED, "cannot read " + file + ": " + e, e);
    }
  }

  /**
   * The entries that a text lists, at least one. JSON is read as such first: that is far quicker,
   * and YAML's reader would take it too.
   *
   * @param source what it is, for the sentence
   * @param wouldBeRight what it must be
   */
  static JsonNode entries(String text, String source, String wouldBeRight) {
    JsonNode list = tree(text, source);
    if (!list.isArray() || list.isEmpty()) {
      throw new NaruException(ErrorCode.BAD_INPUT, source + " must be " + wouldBeRight);
    }
    return list;
  }

  private static JsonNode tree(String text, String source) {
    if (text.stripLeading().startsWith("[")) {
      try {
        return JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .readTree(text);
      } catch (JacksonException perhapsYaml) {
        // A YAML list may begin like that as well; its reader tells what is wrong.
      }
    }
    ObjectMapper yaml =
        new YAMLMapper(
            YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .loadSettings(LoadSettings.builder().setCodePointLimit(LARGEST).build())
                .build());
    try {
      return yaml.readTree(text);
    } catch (JacksonException e) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          source + " is neither YAML nor JSON: " + e.getOriginalMessage() + place(e),
          e);
    }
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
  }
}
