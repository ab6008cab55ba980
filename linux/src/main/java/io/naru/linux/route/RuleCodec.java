package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.*;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.Optional;

/** Rules as {@code struct fib_rule_hdr} of linux/fib_rules.h with FRA_* attributes. */
final class RuleCodec {
  /** Family, destination and source length, TOS, table, 2 reserved, action, flags. */
  private static final int HEADER = 12;

  private RuleCodec() {}

  static Payload all(Optional<IpFamily> family) {
    return new PayloadWriter().u8(Families.filter(family)).zeros(HEADER - 1).toPayload();
  }

  static Payload write(RoutingRule rule) {
    PayloadWriter to =
        new PayloadWriter()
            .u8(Families.number(rule.family()))
            .u8(rule.to().map(Prefix::length).orElse(0))
            .u8(rule.from().map(Prefix::length).orElse(0))
            .u8(0)
            .u8(rule.table() < 256 ? rule.table() : 0)
            .u8(0)
            .u8(0)
            .u8(rule.action())
            .i32(rule.inverted() ? FIB_RULE_INVERT : 0);
    to.attributeI32(FRA_TABLE, rule.table());
    to.attributeI32(FRA_PRIORITY, rule.priority());
    to.attributeU8(FRA_PROTOCOL, rule.protocol());
    rule.to().ifPresent(prefix -> to.attribute(FRA_DST, prefix.address()));
    rule.from().ifPresent(prefix -> to.attribute(FRA_SRC, prefix.address()));
    if (rule.mask() != 0) {
      to.attributeI32(FRA_FWMARK, rule.mark());
      to.attributeI32(FRA_FWMASK, rule.mask());
    }
    if (!rule.inputInterface().isEmpty()) {
      to.attributeText(FRA_IIFNAME, rule.inputInterface());
    }
    if (!rule.outputInterface().isEmpty()) {
      to.attributeText(FRA_OIFNAME, rule.outputInterface());
    }
    return to.toPayload();
  }

  static Optional<RoutingRule> read(Payload payload) {
    return Families.of(payload.u8(0)).map(family -> read(payload, family));
  }

  private static RoutingRule read(Payload payload, IpFamily family) {
    Attributes attributes = Attributes.parse(payload.from(HEADER));
    return new RoutingRule(
        family,
        attributes.i32(FRA_PRIORITY, 0),
        attributes.i32(FRA_FWMARK, 0),
        attributes.i32(FRA_FWMASK, 0),
        attributes.i32(FRA_TABLE, payload.u8(4)),
        attributes.u8(FRA_PROTOCOL, 0),
        prefix(family, payload.u8(2), attributes.find(FRA_SRC)),
        prefix(family, payload.u8(1), attributes.find(FRA_DST)),
        attributes.text(FRA_IIFNAME),
        attributes.text(FRA_OIFNAME),
        payload.u8(7),
        (payload.i32(8) & FIB_RULE_INVERT) != 0);
  }

  private static Optional<Prefix> prefix(IpFamily family, int length, Optional<Payload> address) {
    return address.map(bytes -> Families.prefix(family, length, Optional.of(bytes)));
  }
}
