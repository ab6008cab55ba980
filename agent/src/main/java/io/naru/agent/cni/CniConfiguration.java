package io.naru.agent.cni;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The network configuration on the plugin's standard input (CNI specification, section 1 and
 * "Plugin configuration objects"). Members that are not ours are left to their owners; {@code ipam}
 * is none: addresses come from the node's pod CIDR. Each command reads only what it needs, so that
 * DEL is not held up by what only ADD looks at.
 *
 * @param version the specification that the configuration follows
 * @param name the network's name
 * @param members all of it
 */
public record CniConfiguration(CniVersion version, String name, JsonNode members) {
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_VERSION = 32;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,252}");
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The version for an error about this text, even when nothing else of it can be used: what it
   * says itself, whether we speak it or not.
   */
  static String versionForErrors(String text) {
    try {
      String version = read(text).path("cniVersion").stringValue("");
      return version.isEmpty() || version.length() > MAX_VERSION
          ? CniVersion.newest().toString()
          : version;
    } catch (CniException unreadable) {
      return CniVersion.newest().toString();
    }
  }

  /**
   * @throws CniException with code 1, 6 or 7
   */
  public static CniConfiguration parse(String text) {
    JsonNode root = read(text);
    CniVersion version = version(root);
    String name = root.path("name").stringValue("");
    if (!NAME.matcher(name).matches()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "the configuration's \"name\" must begin with a letter or digit and go on with letters,"
              + " digits, '_', '.' and '-'");
    }
    return new CniConfiguration(version, name, root);
  }

  private static JsonNode read(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE, "the network configuration is longer than 1 MiB");
    }
    try {
      JsonNode root = JSON.readTree(text);
      if (!root.isObject()) {
        throw new CniException(
            CniErrorCode.DECODING_FAILURE, "the network configuration is not a JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new CniException(
          CniErrorCode.DECODING_FAILURE,
          "the network configuration is not JSON: " + e.getOriginalMessage());
    }
  }

  private static CniVersion version(JsonNode root) {
    JsonNode version = root.path("cniVersion");
    if (!version.isString()) {
      // Before 0.3.0 the member was optional; its absence means a version we do not speak.
      throw new CniException(
          CniErrorCode.INCOMPATIBLE_VERSION,
          "the configuration has no \"cniVersion\"; write one of " + CniVersion.list());
    }
    return CniVersion.of(version.asString())
        .orElseThrow(
            () ->
                new CniException(
                    CniErrorCode.INCOMPATIBLE_VERSION,
                    "the configuration's \"cniVersion\" is "
                        + version
                        + "; this plugin speaks "
                        + CniVersion.list()));
  }

  /**
   * {@code prevResult}, if there is one.
   *
   * @throws CniException with code 7 when it is something else than an object
   */
  Optional<PreviousResult> previousResult() {
    JsonNode previous = members.path("prevResult");
    if (previous.isMissingNode() || previous.isNull()) {
      return Optional.empty();
    }
    if (previous instanceof ObjectNode object) {
      return Optional.of(new PreviousResult(object));
    }
    throw new CniException(
        CniErrorCode.INVALID_CONFIGURATION, "the configuration's \"prevResult\" must be an object");
  }
}
