package io.naru.linux.nftables;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/** nft refused a script or a question; the message holds its own words. */
public final class NftablesException extends NaruException {
  private static final long serialVersionUID = 1L;

  private final String said;

  NftablesException(String operation, String said) {
    super(
        said.contains("Operation not permitted")
            ? ErrorCode.NOT_PERMITTED
            : ErrorCode.KERNEL_REFUSED,
        "cannot " + operation + "; nft says: " + said);
    this.said = said;
  }

  /** nft's own words, with the lines that mark the place in the script. */
  public String said() {
    return said;
  }

  /** Whether it failed because a table, chain, set or element is not there. */
  public boolean isAbsent() {
    return said.contains("No such file or directory");
  }
}
