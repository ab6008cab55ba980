package io.naru.core.state;

import io.naru.core.address.Prefix;

/**
 * What identifies an entry among its kind. Compared by hand: thousands are looked up in each
 * comparison of a kernel.
 */
sealed interface Identity {
  /** What identifies an entry that hangs on an interface: its name, and an address. */
  record OnDevice(String name, Object address) implements Identity {
    @Override
    public boolean equals(Object other) {
      return other instanceof OnDevice that
          && address.equals(that.address)
          && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode() * 31 + address.hashCode();
    }
  }

  /** What identifies a route. */
  record InTable(int table, Prefix destination) implements Identity {
    @Override
    public boolean equals(Object other) {
      return other instanceof InTable that
          && table == that.table
          && destination.equals(that.destination);
    }

    @Override
    public int hashCode() {
      return table * 31 + destination.hashCode();
    }
  }
}
