package io.naru.agent.ipam;

import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.core.pod.AddressPool;
import io.naru.core.pod.AttachmentKey;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A program that takes leases until it is killed or the disk is full, and gives every third one
 * back: a line for each thing that is done.
 */
final class LeaseWriter {
  private LeaseWriter() {}

  public static void main(String[] arguments) {
    LeaseBook book = new LeaseBook(Path.of(arguments[0]));
    Prefix cidr = Prefix.parse("10.0.0.0/16");
    List<LeaseBook.Block> blocks = List.of(new LeaseBook.Block(cidr, AddressPool.gateway(cidr)));
    for (int i = 0; ; i++) {
      AttachmentKey key = new AttachmentKey(arguments[1] + "-" + i, "eth0");
      try {
        PodAttachment attachment =
            book.reserve(
                new LeaseWish(key, "naru", "/run/netns/x", blocks, 1450, Map.of()), Instant.now());
        book.confirm(attachment);
        say("ready " + key.containerId() + " " + attachment.addresses().getFirst());
        if (i % 3 == 2) {
          say("releasing " + key.containerId());
          book.release(key);
        }
      } catch (NaruException e) {
        say("failed " + e.code() + " " + e.sentence());
        say("leases " + book.all().size());
        return;
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
