package io.naru.agent.cni;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Addresses that a runtime asks for, in the three places that the conventions of CNI know: {@code
 * runtimeConfig} (capabilities), {@code args.cni}, and CNI_ARGS. The first that says something
 * counts.
 */
record RuntimeWishes(List<IpAddress> addresses, Optional<MacAddress> mac) {
  private static final int MOST_ADDRESSES = 16;

  /** Capabilities that are another plugin's, or nobody's, and would be missed if they were lost. */
  private static final Map<String, String> NOT_HERE =
      Map.of(
          "portMappings", "give the capability to portmap, later in the list",
          "bandwidth", "give the capability to bandwidth, later in the list",
          "ipRanges", "addresses come from the node's pod CIDR; ask for single ones with ips",
          "deviceID", "Naru attaches pods by veth pairs only",
          "infinibandGUID", "Naru attaches pods by veth pairs only");

  /**
   * @throws CniException with code 2 for a capability that is not served, 4 for CNI_ARGS, 7
   */
  static RuntimeWishes of(JsonNode configuration, Map<String, String> arguments) {
    JsonNode capabilities = configuration.path("runtimeConfig");
    refuseUnserved(capabilities);
    JsonNode conventional = configuration.path("args").path("cni");
    List<IpAddress> addresses = addresses(capabilities, "runtimeConfig.ips");
    if (addresses.isEmpty()) {
      addresses = addresses(conventional, "args.cni.ips");
    }
    if (addresses.isEmpty()) {
      addresses = ofArguments(arguments);
    }
    Optional<MacAddress> mac =
        mac(capabilities.path("mac"), "runtimeConfig.mac")
            .or(() -> mac(conventional.path("mac"), "args.cni.mac"))
            .or(
                () ->
                    Optional.ofNullable(arguments.get("MAC"))
                        .map(text -> mac(text, "MAC", CniErrorCode.INVALID_ENVIRONMENT)));
    return new RuntimeWishes(addresses, mac);
  }

  private static void refuseUnserved(JsonNode capabilities) {
    NOT_HERE.forEach(
        (name, remedy) -> {
          JsonNode value = capabilities.path(name);
          if (!value.isMissingNode() && !value.isNull() && !isEmpty(value)) {
            throw new CniException(
                CniErrorCode.UNSUPPORTED_FIELD,
                "Naru does not serve \"runtimeConfig\": {\""
                    + name
                    + "\": "
                    + value
                    + "}; "
                    + remedy);
          }
        });
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isContainer() ? value.isEmpty() : value.isString() && value.asString().isEmpty();
  }

  private static List<IpAddress> addresses(JsonNode owner, String name) {
    JsonNode list = owner.path("ips");
    if (list.isMissingNode() || list.isNull()) {
      return List.of();
    }
    if (!list.isArray() || list.size() > MOST_ADDRESSES) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "\"" + name + "\" must be a list of at most " + MOST_ADDRESSES + " addresses");
    }
    List<IpAddress> addresses = new ArrayList<>();
    for (JsonNode item : list.values()) {
      addresses.add(address(item.stringValue(""), name, CniErrorCode.INVALID_CONFIGURATION));
    }
    return List.copyOf(addresses);
  }

  /** {@code IP=10.244.1.7,fd00::7}. */
  private static List<IpAddress> ofArguments(Map<String, String> arguments) {
    String text = arguments.getOrDefault("IP", "");
    List<IpAddress> addresses = new ArrayList<>();
    for (String part : text.split(",", MOST_ADDRESSES)) {
      if (!part.isBlank()) {
        addresses.add(address(part.strip(), "CNI_ARGS: IP", CniErrorCode.INVALID_ENVIRONMENT));
      }
    }
    return List.copyOf(addresses);
  }

  /** With a prefix length or without; a pod has its address alone on its link anyway. */
  private static IpAddress address(String text, String where, CniErrorCode code) {
    try {
      return text.indexOf('/') < 0 ? IpAddress.parse(text) : InterfaceAddress.parse(text).address();
    } catch (NaruException e) {
      throw new CniException(code, "an address of " + where + " cannot be used: " + e.sentence());
    }
  }

  private static Optional<MacAddress> mac(JsonNode value, String where) {
    return value.isMissingNode() || value.isNull() || isEmpty(value)
        ? Optional.empty()
        : Optional.of(mac(value.stringValue(""), where, CniErrorCode.INVALID_CONFIGURATION));
  }

  private static MacAddress mac(String text, String where, CniErrorCode code) {
    try {
      MacAddress mac = MacAddress.parse(text);
      if (mac.value() == 0 || mac.isMulticast()) {
        throw new CniException(
            code, "the MAC address " + mac + " of " + where + " is not that of one interface");
      }
      return mac;
    } catch (CniException refused) {
      throw refused;
    } catch (NaruException e) {
      throw new CniException(code, "the MAC address of " + where + ": " + e.sentence());
    }
  }
}
