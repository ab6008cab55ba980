package io.naru.agent.cni;

import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A runtime's request as the CNI program carries it: the environment as it was, the configuration
 * as text.
 */
public record CniRequest(
    String command,
    String containerId,
    String netns,
    String interfaceName,
    String arguments,
    String path,
    String configuration) {
  private static final int MAX_ARGUMENTS = 64;

  /**
   * @param line the object {@code {"operation":"cni","command":…,"containerId":…,"netns":…,
   *     "ifName":…,"args":…,"path":…,"config":…}}
   */
  public static CniRequest of(JsonNode line) {
    return new CniRequest(
        text(line, "command"),
        text(line, "containerId"),
        text(line, "netns"),
        text(line, "ifName"),
        text(line, "args"),
        text(line, "path"),
        text(line, "config"));
  }

  private static String text(JsonNode line, String name) {
    JsonNode member = line.get(name);
    return member == null ? "" : member.stringValue("");
  }

  CniCommand parsedCommand() {
    return Arrays.stream(CniCommand.values())
        .filter(value -> value.name().equals(command))
        .findFirst()
        .orElseThrow(
            () ->
                new CniException(
                    CniErrorCode.INVALID_ENVIRONMENT,
                    "CNI_COMMAND must be one of ADD, DEL, CHECK, GC, STATUS and VERSION"));
  }

  public AttachmentKey key() {
    try {
      return new AttachmentKey(containerId, interfaceName);
    } catch (NaruException e) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT,
          "CNI_CONTAINERID or CNI_IFNAME cannot be used: " + e.sentence());
    }
  }

  public String requiredNetns() {
    if (netns.isEmpty() || netns.indexOf('\0') >= 0) {
      throw new CniException(
          CniErrorCode.INVALID_ENVIRONMENT,
          "CNI_NETNS must be the path of the pod's network namespace");
    }
    return netns;
  }

  /**
   * CNI_ARGS as a map: pairs {@code NAME=VALUE} with semicolons between them (CNI specification,
   * "Parameters").
   */
  public Map<String, String> parsedArguments() {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : arguments.split(";", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals <= 0 || pairs.size() >= MAX_ARGUMENTS) {
        throw new CniException(
            CniErrorCode.INVALID_ENVIRONMENT,
            "CNI_ARGS must be at most "
                + MAX_ARGUMENTS
                + " pairs NAME=VALUE with ';' between them");
      }
      pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return Map.copyOf(pairs);
  }
}
