package io.naru.doctor.peer;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Arrays;
import java.util.Locale;

/** Whose network a node runs. */
public enum PeerNetwork {
  FLANNEL("Flannel", "flannel."),
  CILIUM("Cilium", "cilium_vxlan"),
  /** A VXLAN device of anybody. */
  KERNEL("VXLAN", "");

  private final String title;
  private final String device;

  PeerNetwork(String title, String device) {
    this.title = title;
    this.device = device;
  }

  /** As its makers write it. */
  public String title() {
    return title;
  }

  /** Whether a VXLAN device of that name is this network's. */
  public boolean owns(String deviceName) {
    return deviceName.startsWith(device) || this == FLANNEL && deviceName.startsWith("flannel-v6.");
  }

  /** The network of that word; BAD_INPUT for another word. */
  public static PeerNetwork named(String word) {
    return Arrays.stream(values())
        .filter(network -> network.toString().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.BAD_INPUT,
                    "'" + word + "' is none of the networks flannel, cilium and kernel"));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
