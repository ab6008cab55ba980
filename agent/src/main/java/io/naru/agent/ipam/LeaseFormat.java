package io.naru.agent.ipam;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import io.naru.core.state.RouteTables;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A lease as a file has it: one JSON object. */
final class LeaseFormat {
  private static final int VERSION = 1;
  private static final JsonMapper JSON = JsonMapper.shared();

  private LeaseFormat() {}

  /**
   * What a file says.
   *
   * @param boot which boot of the machine wrote it; empty where it does not say
   */
  record Written(PodAttachment attachment, String boot) {}

  static byte[] write(PodAttachment attachment, String boot) {
    ObjectNode node = JSON.createObjectNode();
    node.put("version", VERSION);
    node.put("boot", boot);
    node.put("containerId", attachment.key().containerId());
    node.put("interface", attachment.key().interfaceName());
    node.put("network", attachment.network());
    node.put("netns", attachment.netnsPath());
    var addresses = node.putArray("addresses");
    attachment.addresses().forEach(address -> addresses.add(address.toString()));
    var gateways = node.putArray("gateways");
    attachment.gateways().forEach(gateway -> gateways.add(gateway.toString()));
    node.put("hostInterface", attachment.hostInterface());
    node.put("hostMac", attachment.hostMac().toString());
    node.put("podMac", attachment.podMac().toString());
    node.put("mtu", attachment.mtu());
    node.put("createdAt", attachment.createdAt().toString());
    var tables = node.putArray("routeTables");
    attachment.routeTables().forEach(table -> tables.add(table));
    ObjectNode arguments = node.putObject("arguments");
    new TreeMap<>(attachment.arguments()).forEach(arguments::put);
    return (JSON.writeValueAsString(node) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws NaruException MALFORMED or BAD_INPUT for anything that {@link #write} does not write
   */
  static Written read(byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      int version = required(node, "version").asInt();
      if (version != VERSION) {
        throw new NaruException(
            ErrorCode.MALFORMED,
            "its version is " + version + ", which this agent does not know; run a newer one");
      }
      List<IpAddress> addresses = addresses(node, "addresses");
      if (addresses.isEmpty()) {
        throw new NaruException(ErrorCode.MALFORMED, "it has no address");
      }
      Map<String, String> arguments =
          required(node, "arguments").properties().stream()
              .collect(
                  Collectors.toUnmodifiableMap(
                      Map.Entry::getKey, entry -> entry.getValue().asString()));
      PodAttachment attachment =
          new PodAttachment(
              new AttachmentKey(text(node, "containerId"), text(node, "interface")),
              text(node, "network"),
              text(node, "netns"),
              addresses,
              addresses(node, "gateways"),
              text(node, "hostInterface"),
              MacAddress.parse(text(node, "hostMac")),
              MacAddress.parse(text(node, "podMac")),
              required(node, "mtu").asInt(),
              Instant.parse(text(node, "createdAt")),
              arguments,
              tables(node, addresses.size()));
      return new Written(attachment, node.path("boot").stringValue(""));
    } catch (JacksonException | DateTimeException broken) {
      String reason = broken.getMessage();
      throw new NaruException(
          ErrorCode.MALFORMED,
          "it is not a lease"
              + (reason == null ? "" : ": " + reason.lines().findFirst().orElse("")),
          broken);
    }
  }

  private static List<IpAddress> addresses(JsonNode node, String name) {
    return required(node, name).values().stream()
        .map(address -> IpAddress.parse(address.asString()))
        .toList();
  }

  /** Leases of earlier versions have none: all their default routes are in the main table. */
  private static List<Integer> tables(JsonNode node, int count) {
    JsonNode tables = node.path("routeTables");
    return tables.isMissingNode()
        ? Collections.nCopies(count, RouteTables.MAIN)
        : tables.values().stream().map(JsonNode::asInt).toList();
  }

  private static String text(JsonNode node, String name) {
    return required(node, name).asString();
  }

  private static JsonNode required(JsonNode node, String name) {
    JsonNode member = node.get(name);
    if (member == null || member.isNull()) {
      throw new NaruException(ErrorCode.MALFORMED, "its member \"" + name + "\" is missing");
    }
    return member;
  }
}
