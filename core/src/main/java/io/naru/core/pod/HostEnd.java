package io.naru.core.pod;

import io.naru.core.address.MacAddress;
import io.naru.core.digest.Sha256;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The node's end of a pod's veth pair. Name and link-layer addresses come from a hash of the key:
 * the same attachment has the same ones whenever it is made.
 */
public final class HostEnd {
  private static final String NAME_PREFIX = "naru";
  private static final String ALIAS_PREFIX = "naru pod ";
  private static final int HASH_DIGITS = 11;
  private static final int ATTEMPTS = 16;

  private HostEnd() {}

  /**
   * A name of 15 characters, the most that the kernel takes.
   *
   * @param taken whether another attachment has that name
   */
  public static String name(AttachmentKey key, Predicate<String> taken) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String name =
          NAME_PREFIX
              + HexFormat.of().formatHex(hash("name " + attempt, key)).substring(0, HASH_DIGITS);
      if (!taken.test(name)) {
        return name;
      }
    }
    throw new NaruException(
        ErrorCode.CONFLICT,
        "no free name for the node's end of "
            + key
            + ": "
            + ATTEMPTS
            + " names are taken; remove interfaces named naru… that no pod uses");
  }

  public static MacAddress hostMac(AttachmentKey key) {
    return mac("host", key);
  }

  public static MacAddress podMac(AttachmentKey key) {
    return mac("pod", key);
  }

  /** Text for the link's alias (IFLA_IFALIAS, at most 255 bytes: linux/if.h IFALIASZ). */
  public static String alias(AttachmentKey key) {
    return ALIAS_PREFIX + key;
  }

  /** Whether a link with this alias was made for a pod. */
  public static boolean isOurs(String alias) {
    return alias.startsWith(ALIAS_PREFIX);
  }

  /** Whose link has this alias, if it is one of ours. */
  public static Optional<AttachmentKey> keyOf(String alias) {
    int slash = alias.indexOf('/');
    if (!isOurs(alias) || slash < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new AttachmentKey(
              alias.substring(ALIAS_PREFIX.length(), slash), alias.substring(slash + 1)));
    } catch (NaruException notAKey) {
      return Optional.empty();
    }
  }

  private static MacAddress mac(String end, AttachmentKey key) {
    return MacAddress.locallyAdministered(ByteBuffer.wrap(hash("mac " + end, key)).getLong());
  }

  private static byte[] hash(String purpose, AttachmentKey key) {
    // Neither part may contain a zero, so no two inputs run together.
    return Sha256.of(purpose + "\0" + key.containerId() + "\0" + key.interfaceName());
  }
}
