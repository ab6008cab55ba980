package io.naru.doctor.look;

import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Look.Seen;
import io.naru.doctor.peer.Tunnel;
import io.naru.linux.route.Link;
import io.naru.observe.echo.EchoWatch;
import io.naru.observe.tap.IcmpErrors;
import io.naru.observe.tap.Listening;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The taps of one node: at its tunnels and at the interfaces that their packets leave by.
 *
 * @param watches taps for our echoes, each with its name: vtep or nic
 * @param errors listeners for ICMP errors
 */
record NodeTaps(List<Map.Entry<String, EchoWatch>> watches, List<Listening<IcmpError>> errors)
    implements AutoCloseable {
  private static final int ETHERNET = 1; // ARPHRD_ETHER of linux/if_arp.h

  /** Opens them; what cannot be opened is told. */
  static NodeTaps open(
      List<Tunnel> tunnels, Optional<String> nic, TunnelReader reader, List<String> notChecked) {
    NodeTaps taps = new NodeTaps(new ArrayList<>(), new ArrayList<>());
    try {
      Set<String> opened = new HashSet<>();
      for (Tunnel tunnel : tunnels) {
        taps.watch("vtep", tunnel.device(), true, 0, notChecked);
        if (!tunnel.nic().isEmpty() && opened.add(tunnel.nic() + " " + tunnel.port())) {
          taps.watch(
              "nic", tunnel.nic(), isEthernet(reader, tunnel.nic()), tunnel.port(), notChecked);
        }
        if (!tunnel.nic().isEmpty() && opened.add(tunnel.nic())) {
          taps.errors.add(IcmpErrors.on(tunnel.nic()));
        }
      }
      nic.filter(opened::add)
          .ifPresent(
              name -> {
                taps.watch("nic", name, isEthernet(reader, name), 0, notChecked);
                taps.errors.add(IcmpErrors.on(name));
              });
      return taps;
    } catch (RuntimeException failure) {
      taps.close();
      throw failure;
    }
  }

  private static boolean isEthernet(TunnelReader reader, String name) {
    return reader.links().stream()
        .filter(link -> link.name().equals(name))
        .map(Link::hardwareType)
        .allMatch(type -> type == ETHERNET);
  }

  private void watch(
      String tap, String device, boolean ethernet, int port, List<String> notChecked) {
    try {
      watches.add(Map.entry(tap, EchoWatch.on(device, ethernet, port)));
    } catch (NaruException refused) {
      if (refused.code() == ErrorCode.NOT_PERMITTED) {
        throw refused;
      }
      notChecked.add("what passes " + device + ": " + refused.sentence());
    }
  }

  List<Seen> seen() {
    return watches.stream()
        .flatMap(
            watch ->
                watch.getValue().counts().stream().map(echoes -> new Seen(watch.getKey(), echoes)))
        .toList();
  }

  List<TunnelFrame> headers() {
    return watches.stream()
        .flatMap(watch -> watch.getValue().headers().stream())
        .distinct()
        .toList();
  }

  List<IcmpError> icmpErrors() {
    return errors.stream().flatMap(each -> each.heard().stream()).distinct().toList();
  }

  @Override
  public void close() {
    watches.forEach(watch -> watch.getValue().close());
    errors.forEach(Listening::close);
  }
}
