package io.naru.linux.route;

import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be changed about a link; what is empty stays as it is.
 *
 * @param name a new name
 * @param mtu in bytes
 * @param address link-layer address
 * @param alias free text of at most 255 bytes; an empty text removes it
 * @param up whether it is up
 * @param master index of a bridge; 0 takes it out of its bridge
 */
public record LinkSettings(
    Optional<String> name,
    OptionalInt mtu,
    Optional<MacAddress> address,
    Optional<String> alias,
    Optional<Boolean> up,
    OptionalInt master) {
  private static final LinkSettings NONE =
      new LinkSettings(
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty());

  /** IFALIASZ − 1 of linux/if.h. */
  private static final int LONGEST_ALIAS = 255;

  public LinkSettings {
    name.ifPresent(InterfaceName::require);
    if (alias.isPresent() && alias.get().getBytes(StandardCharsets.UTF_8).length > LONGEST_ALIAS) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "the alias of a link has at most " + LONGEST_ALIAS + " bytes");
    }
  }

  /** Nothing to change. */
  public static LinkSettings none() {
    return NONE;
  }

  /** What the kernel takes of a veth's peer only once the pair is joined. */
  LinkSettings afterJoining() {
    return new LinkSettings(
        Optional.empty(), OptionalInt.empty(), Optional.empty(), alias, up, master);
  }

  public LinkSettings withName(String value) {
    return new LinkSettings(Optional.of(value), mtu, address, alias, up, master);
  }

  public LinkSettings withMtu(int value) {
    return new LinkSettings(name, OptionalInt.of(value), address, alias, up, master);
  }

  public LinkSettings withAddress(MacAddress value) {
    return new LinkSettings(name, mtu, Optional.of(value), alias, up, master);
  }

  public LinkSettings withAlias(String value) {
    return new LinkSettings(name, mtu, address, Optional.of(value), up, master);
  }

  public LinkSettings withUp(boolean value) {
    return new LinkSettings(name, mtu, address, alias, Optional.of(value), master);
  }

  public LinkSettings withMaster(int value) {
    return new LinkSettings(name, mtu, address, alias, up, OptionalInt.of(value));
  }
}
