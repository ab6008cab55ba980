package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import io.naru.core.state.RouteTables;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON that a runtime reads: results and errors, in each version's own form. */
public final class CniOutput {
  private static final JsonMapper JSON = CniConfiguration.JSON;

  private CniOutput() {}

  /**
   * ADD's result (CNI specification, "ADD Success"): what plugins before ours made, and what we
   * made.
   *
   * @param dns of the result
   */
  public static String result(
      CniVersion version,
      PodAttachment attachment,
      ObjectNode dns,
      Optional<PreviousResult> previous) {
    ObjectNode result =
        previous.map(before -> before.json().deepCopy()).orElseGet(JSON::createObjectNode);
    result.put("cniVersion", version.toString());
    ArrayNode interfaces = list(result, "interfaces");
    ObjectNode host = interfaces.addObject();
    host.put("name", attachment.hostInterface()).put("mac", attachment.hostMac().toString());
    int containerIndex = interfaces.size();
    ObjectNode container = interfaces.addObject();
    container
        .put("name", attachment.key().interfaceName())
        .put("mac", attachment.podMac().toString());
    if (version.atLeast(CniVersion.V1_1_0)) {
      host.put("mtu", attachment.mtu());
      container.put("mtu", attachment.mtu());
    }
    container.put("sandbox", attachment.netnsPath());
    ArrayNode ips = list(result, "ips");
    ArrayNode routes = list(result, "routes");
    for (int i = 0; i < attachment.addresses().size(); i++) {
      IpAddress address = attachment.addresses().get(i);
      String gateway = attachment.gateways().get(i).toString();
      ObjectNode ip = ips.addObject();
      if (!version.atLeast(CniVersion.V1_0_0)) {
        ip.put("version", address.isIpv4() ? "4" : "6");
      }
      ip.put("address", address.toPrefix().toString())
          .put("gateway", gateway)
          .put("interface", containerIndex);
      int table = attachment.routeTables().get(i);
      boolean main = table == RouteTables.MAIN;
      // Earlier versions have no word for a table, and would take it for the pod's default route.
      if (main || version.atLeast(CniVersion.V1_1_0)) {
        ObjectNode route = routes.addObject();
        route.put("dst", address.isIpv4() ? "0.0.0.0/0" : "::/0").put("gw", gateway);
        if (!main) {
          route.put("table", table);
        }
      }
    }
    result.set("dns", dns);
    return JSON.writeValueAsString(result);
  }

  private static ArrayNode list(ObjectNode result, String name) {
    return result.get(name) instanceof ArrayNode before ? before : result.putArray(name);
  }

  /** The answer to VERSION. */
  static String versions(String version) {
    ObjectNode result = JSON.createObjectNode();
    result.put("cniVersion", version);
    ArrayNode supported = result.putArray("supportedVersions");
    for (CniVersion each : CniVersion.values()) {
      supported.add(each.toString());
    }
    return JSON.writeValueAsString(result);
  }

  /** The reply for a failure (CNI specification, "Error"). */
  static CniReply error(String version, NaruException failure) {
    CniErrorCode code =
        failure instanceof CniException e ? e.cniCode() : CniErrorCode.of(failure.code());
    ObjectNode error = JSON.createObjectNode();
    error.put("cniVersion", version);
    error.put("code", code.number());
    error.put("msg", failure.sentence());
    error.put("details", failure.code().code());
    return new CniReply(1, JSON.writeValueAsString(error));
  }
}
