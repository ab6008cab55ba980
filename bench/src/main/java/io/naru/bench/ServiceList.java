package io.naru.bench;

import io.naru.channel.frame.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * So many services of three backends each. All lead to the same backends, as what a kernel holds
 * does not depend on who they are; the last one is measured.
 *
 * @param backends their addresses
 */
record ServiceList(int size, List<String> backends) {
  static final int PORT = 80;
  static final int TARGET = 8080;

  private static final int FIRST_HOST = 1000;

  ServiceList {
    backends = List.copyOf(backends);
  }

  /** As it is named in a cluster. */
  static String name(int service) {
    return "bench/s%05d".formatted(service);
  }

  /** Its cluster IP; the least are left to what a cluster has of its own. */
  static String address(int service) {
    int host = FIRST_HOST + service;
    return "10.96.%d.%d".formatted(host >> 8, host & 255);
  }

  String last() {
    return address(size - 1);
  }

  /** Some of them, far apart from each other, and the last. */
  List<String> some() {
    int step = Math.max(1, size / 16);
    return IntStream.iterate(size - 1, service -> service >= 0, service -> service - step)
        .mapToObj(ServiceList::address)
        .toList();
  }

  /** For {@code naru service add --file}. */
  String file() {
    return Json.write(
        IntStream.range(0, size)
            .mapToObj(
                service ->
                    Map.of(
                        "name",
                        name(service),
                        "clusterIps",
                        List.of(address(service)),
                        "ports",
                        List.of(PORT + ":" + TARGET + "/tcp"),
                        "backends",
                        backends))
            .toList());
  }
}
