package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.error.NaruException;
import io.naru.core.pod.PodAttachment;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON that a runtime reads: results and errors, in each version's own form. */
public final class CniOutput {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int CONTAINER = 1;

  private CniOutput() {}

  /** ADD's result (CNI specification, "ADD Success"). */
  public static String result(CniConfiguration configuration, PodAttachment attachment) {
    CniVersion version = configuration.version();
    ObjectNode result = JSON.createObjectNode();
    result.put("cniVersion", version.toString());
    ArrayNode interfaces = result.putArray("interfaces");
    ObjectNode host = interfaces.addObject();
    host.put("name", attachment.hostInterface()).put("mac", attachment.hostMac().toString());
    ObjectNode container = interfaces.addObject();
    container
        .put("name", attachment.key().interfaceName())
        .put("mac", attachment.podMac().toString());
    if (version.atLeast(CniVersion.V1_1_0)) {
      host.put("mtu", attachment.mtu());
      container.put("mtu", attachment.mtu());
    }
    container.put("sandbox", attachment.netnsPath());
    ArrayNode ips = result.putArray("ips");
    ArrayNode routes = result.putArray("routes");
    for (int i = 0; i < attachment.addresses().size(); i++) {
      IpAddress address = attachment.addresses().get(i);
      String gateway = attachment.gateways().get(i).toString();
      ObjectNode ip = ips.addObject();
      if (!version.atLeast(CniVersion.V1_0_0)) {
        ip.put("version", address.isIpv4() ? "4" : "6");
      }
      ip.put("address", address.toPrefix().toString())
          .put("gateway", gateway)
          .put("interface", CONTAINER);
      routes.addObject().put("dst", address.isIpv4() ? "0.0.0.0/0" : "::/0").put("gw", gateway);
    }
    result.set("dns", configuration.dns().orElseGet(JSON::createObjectNode));
    return JSON.writeValueAsString(result);
  }

  /** The answer to VERSION. */
  static String versions(CniVersion version) {
    ObjectNode result = JSON.createObjectNode();
    result.put("cniVersion", version.toString());
    ArrayNode supported = result.putArray("supportedVersions");
    for (CniVersion each : CniVersion.values()) {
      supported.add(each.toString());
    }
    return JSON.writeValueAsString(result);
  }

  /** The reply for a failure (CNI specification, "Error"). */
  static CniReply error(CniVersion version, NaruException failure) {
    CniErrorCode code =
        failure instanceof CniException e ? e.cniCode() : CniErrorCode.of(failure.code());
    ObjectNode error = JSON.createObjectNode();
    error.put("cniVersion", version.toString());
    error.put("code", code.number());
    error.put("msg", failure.sentence());
    error.put("details", failure.code().code());
    return new CniReply(1, JSON.writeValueAsString(error));
  }
}
