package io.naru.core.service;

/**
 * An element of a map or set of the services' table, in nft's words.
 *
 * @param map its name
 * @param key like {@code 10.96.0.10 . udp . 53}
 * @param value like {@code goto pick_2}; empty for an element of a set
 */
public record MapElement(String map, String key, String value) {
  /** As it is added. */
  public String text() {
    return value.isEmpty() ? key : key + " : " + value;
  }
}
