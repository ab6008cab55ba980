package io.naru.core.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.trace.Sighting.Tunnel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What differs in a packet from one tap to the next. */
public sealed interface Change {
  /** A stable word for it. */
  String kind();

  /** The change for people, without the kind. */
  String text();

  /** It was put into VXLAN. */
  record Encapsulated(Tunnel tunnel) implements Change {
    @Override
    public String kind() {
      return "encapsulated";
    }

    @Override
    public String text() {
      Header outer = tunnel.outer();
      return "into VXLAN "
          + tunnel.vni()
          + ", "
          + outer.source()
          + " → "
          + outer.destination()
          + " UDP "
          + outer.destinationPort();
    }
  }

  /** It was taken out of VXLAN. */
  record Decapsulated(int vni) implements Change {
    @Override
    public String kind() {
      return "decapsulated";
    }

    @Override
    public String text() {
      return "out of VXLAN " + vni;
    }
  }

  /** Addresses or ports were translated (RFC 2663), of the packet or of what is around it. */
  record Translated(boolean source, String before, String after) implements Change {
    @Override
    public String kind() {
      return "translated";
    }

    @Override
    public String text() {
      return (source ? "source " : "destination ") + before + " → " + after;
    }
  }

  /** A router counted it. */
  record Routed(int before, int after) implements Change {
    @Override
    public String kind() {
      return "hop limit";
    }

    @Override
    public String text() {
      return "TTL " + before + " → " + after;
    }
  }

  /** It became larger or smaller. */
  record Resized(int before, int after) implements Change {
    @Override
    public String kind() {
      return "size";
    }

    @Override
    public String text() {
      return before + " → " + after + " bytes";
    }
  }

  /** DF was set or cleared. */
  record FragmentationChanged(boolean forbidden) implements Change {
    @Override
    public String kind() {
      return "fragmentation";
    }

    @Override
    public String text() {
      return forbidden ? "DF set" : "DF cleared";
    }
  }

  /** All differences of a packet at two taps. */
  static List<Change> between(Sighting before, Sighting after) {
    List<Change> changes = new ArrayList<>();
    Optional<Tunnel> was = before.tunnel();
    Optional<Tunnel> is = after.tunnel();
    if (was.isEmpty() && is.isPresent()) {
      changes.add(new Encapsulated(is.get()));
    } else if (was.isPresent() && is.isEmpty()) {
      changes.add(new Decapsulated(was.get().vni()));
    } else if (was.isPresent() && is.isPresent()) {
      headers(was.get().outer(), is.get().outer(), changes);
    }
    headers(before.header(), after.header(), changes);
    return changes;
  }

  private static void headers(Header before, Header after, List<Change> changes) {
    String source = place(before.source(), before.sourcePort());
    String newSource = place(after.source(), after.sourcePort());
    if (!source.equals(newSource)) {
      changes.add(new Translated(true, source, newSource));
    }
    String destination = place(before.destination(), before.destinationPort());
    String newDestination = place(after.destination(), after.destinationPort());
    if (!destination.equals(newDestination)) {
      changes.add(new Translated(false, destination, newDestination));
    }
    if (before.hopLimit() != after.hopLimit()) {
      changes.add(new Routed(before.hopLimit(), after.hopLimit()));
    }
    if (before.length() != after.length()) {
      changes.add(new Resized(before.length(), after.length()));
    }
    if (before.unfragmentable() != after.unfragmentable()) {
      changes.add(new FragmentationChanged(after.unfragmentable()));
    }
  }

  private static String place(IpAddress address, int port) {
    return port == 0
        ? address.toString()
        : (address.isIpv4() ? address.toString() : "[" + address + "]") + ":" + port;
  }
}
