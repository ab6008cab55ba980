package io.naru.agent.kernel;

import io.naru.channel.frame.Json;
import io.naru.linux.nftables.Nftables;
import tools.jackson.databind.JsonNode;

/** What {@code nft -j list …} prints. */
final class NftListing {
  private NftListing() {}

  static JsonNode of(String... arguments) {
    return Json.read(Nftables.listJson(arguments), JsonNode.class);
  }
}
