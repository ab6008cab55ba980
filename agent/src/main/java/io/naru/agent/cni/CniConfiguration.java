package io.naru.agent.cni;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The network configuration on the plugin's standard input (CNI specification, section 1 and
 * "Plugin configuration objects"). Members that are not ours are left to their owners; {@code ipam}
 * is none: addresses come from the node's pod CIDR.
 *
 * @param version the specification that the configuration follows
 * @param name the network's name
 * @param previousAddresses the addresses of {@code prevResult}, which CHECK gets
 * @param hasPreviousResult whether there was a {@code prevResult}
 * @param dns passed on into the result as it is
 * @param validAttachments of GC: what the runtime still knows; empty for another command
 */
public record CniConfiguration(
    CniVersion version,
    String name,
    List<InterfaceAddress> previousAddresses,
    boolean hasPreviousResult,
    Optional<JsonNode> dns,
    Optional<Set<AttachmentKey>> validAttachments) {
  private static final int MAX_LENGTH = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * The version for an error about this text, even when nothing else of it can be used.
   *
   * @return the text's own when it is one that we speak
   */
  static CniVersion versionForErrors(String text) {
    try {
      return CniVersion.of(read(text).path("cniVersion").stringValue(""))
          .orElse(CniVersion.newest());
    } catch (CniException unreadable) {
      return CniVersion.newest();
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
    JsonNode previous = root.path("prevResult");
    JsonNode dns = root.path("dns");
    if (dns.isMissingNode() || dns.isNull()) {
      return new CniConfiguration(
          version, name, addresses(previous), previous.isObject(), Optional.empty(), valid(root));
    }
    if (!dns.isObject()) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION, "the configuration's \"dns\" must be an object");
    }
    return new CniConfiguration(
        version, name, addresses(previous), previous.isObject(), Optional.of(dns), valid(root));
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

  private static List<InterfaceAddress> addresses(JsonNode previous) {
    try {
      return previous.path("ips").values().stream()
          .map(ip -> InterfaceAddress.parse(ip.path("address").stringValue("")))
          .toList();
    } catch (NaruException e) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "an address of \"prevResult\" cannot be used: " + e.sentence());
    }
  }

  /** Of GC: {@code [{"containerID":…,"ifname":…}]} (CNI specification 1.1, "GC"). */
  private static Optional<Set<AttachmentKey>> valid(JsonNode root) {
    JsonNode list = root.path("cni.dev/valid-attachments");
    if (!list.isArray()) {
      return Optional.empty();
    }
    Set<AttachmentKey> keys = new HashSet<>();
    for (JsonNode item : list.values()) {
      try {
        keys.add(
            new AttachmentKey(
                item.path("containerID").stringValue(""), item.path("ifname").stringValue("")));
      } catch (NaruException e) {
        // To skip it would remove a pod that the runtime wants to keep.
        throw new CniException(
            CniErrorCode.INVALID_CONFIGURATION,
            "an item of \"cni.dev/valid-attachments\" cannot be used: " + e.sentence());
      }
    }
    return Optional.of(Set.copyOf(keys));
  }
}
