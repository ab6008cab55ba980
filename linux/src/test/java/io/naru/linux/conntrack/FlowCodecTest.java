package io.naru.linux.conntrack;

import static io.naru.linux.conntrack.Ctnetlink.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.netlink.Attributes;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.Payload;
import io.naru.linux.netlink.PayloadWriter;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowCodecTest {
  private static final int UDP = 17;

  private static Flow flow(String client, String service, String backend) {
    IpAddress from = IpAddress.parse(client);
    return new Flow(
        UDP,
        new Tuple(from, IpAddress.parse(service), 40000, 53),
        new Tuple(IpAddress.parse(backend), from, 5353, 40000),
        0,
        0xfedc_ba98);
  }

  private static final Flow FOUR = flow("10.0.0.1", "10.96.0.10", "10.0.0.2");
  private static final Flow SIX = flow("fd00::1", "fd96::10", "fd00::2");

  /** As the kernel lays a flow out (ctnetlink_fill_info of net/netfilter). */
  private static PayloadWriter message(Flow flow, Consumer<PayloadWriter> inReply) {
    return new PayloadWriter()
        .i32(0)
        .nested(CTA_TUPLE_ORIG, inside -> write(flow.original(), inside))
        .nested(
            CTA_TUPLE_REPLY,
            inside -> {
              write(flow.reply(), inside);
              inReply.accept(inside);
            })
        .attribute(CTA_ID, new byte[] {(byte) 0xfe, (byte) 0xdc, (byte) 0xba, (byte) 0x98});
  }

  private static void write(Tuple tuple, PayloadWriter to) {
    int first = tuple.source().isIpv4() ? CTA_IP_V4_SRC : CTA_IP_V6_SRC;
    to.nested(
        CTA_TUPLE_IP,
        ip -> ip.attribute(first, tuple.source()).attribute(first + 1, tuple.destination()));
    to.nested(
        CTA_TUPLE_PROTO,
        ends ->
            ends.attributeU8(CTA_PROTO_NUM, UDP)
                .attributeBigEndianU16(CTA_PROTO_SRC_PORT, tuple.sourcePort())
                .attributeBigEndianU16(CTA_PROTO_DST_PORT, tuple.destinationPort()));
  }

  private static NetlinkMessage told(Payload payload) {
    return new NetlinkMessage(IPCTNL_MSG_CT_NEW, 2, 1, 0, payload);
  }

  private static Payload whole(Flow flow) {
    return message(flow, inside -> {}).toPayload();
  }

  @Test
  void aFlowIsReadWithBothItsDirections() {
    assertThat(FlowCodec.read(told(whole(FOUR)))).contains(FOUR);
    assertThat(FlowCodec.read(told(whole(SIX)))).contains(SIX);
  }

  @Test
  void aZoneOfBothOrOfTheReplysDirectionIsRead() {
    Payload both = message(FOUR, inside -> {}).attributeBigEndianU16(CTA_ZONE, 700).toPayload();
    Payload one =
        message(FOUR, inside -> inside.attributeBigEndianU16(CTA_TUPLE_ZONE, 701)).toPayload();

    assertThat(FlowCodec.read(told(both)).orElseThrow().zone()).isEqualTo(700);
    assertThat(FlowCodec.read(told(one)).orElseThrow().zone()).isEqualTo(701);
  }

  @Test
  void otherMessagesTellOfNoFlow() {
    assertThat(FlowCodec.read(new NetlinkMessage(IPCTNL_MSG_CT_DELETE, 0, 1, 0, whole(FOUR))))
        .isEmpty();
  }

  @Test
  void whatLacksAPartIsRefused() {
    Payload withoutTuples = new PayloadWriter().i32(0).attributeI32(CTA_ID, 1).toPayload();
    Payload mixed =
        message(FOUR, inside -> inside.nested(CTA_TUPLE_IP, ip -> write(SIX.original(), ip)))
            .toPayload();

    for (Payload payload : new Payload[] {Payload.empty(), withoutTuples, mixed}) {
      assertThatThrownBy(() -> FlowCodec.read(told(payload)))
          .isInstanceOfSatisfying(
              NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTruncatedOrHostileMessageIsReadOrRefused(boolean six) {
    Payload payload = whole(six ? SIX : FOUR);
    for (int length = 0; length < payload.length(); length++) {
      readOrRefuse(payload.slice(0, length));
    }
    byte[] bytes = payload.toBytes();
    Random random = new Random(bytes.length);
    for (int round = 0; round < 5000; round++) {
      byte[] hostile = bytes.clone();
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt();
      readOrRefuse(Payload.of(hostile));
    }
  }

  private static void readOrRefuse(Payload payload) {
    try {
      var _ = FlowCodec.read(told(payload));
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(ErrorCode.MALFORMED);
    }
  }

  @Test
  void aDeletionNamesTheTupleTheIdAndAZone() {
    Flow zoned = new Flow(UDP, SIX.original(), SIX.reply(), 7, SIX.id());
    Attributes plain = Attributes.parse(FlowCodec.one(FOUR).from(HEADER));
    Attributes other = Attributes.parse(FlowCodec.one(zoned).from(HEADER));

    assertThat(FlowCodec.one(FOUR).u8(0)).isEqualTo(NFPROTO_IPV4);
    assertThat(FlowCodec.one(zoned).u8(0)).isEqualTo(NFPROTO_IPV6);
    assertThat(plain.find(CTA_ZONE)).as("an older kernel may know none").isEmpty();
    assertThat(other.bigEndianU16(CTA_ZONE, 0)).isEqualTo(7);
    assertThat(plain.find(CTA_ID).orElseThrow()).hasToString("fedcba98");
    assertThat(plain.nested(CTA_TUPLE_REPLY).nested(CTA_TUPLE_IP).address(CTA_IP_V4_SRC))
        .contains(FOUR.reply().source());
  }

  @Test
  void onlyARefusedQuestionSaysThatAFilterIsNotKnown() {
    String listing = "list the tracked connections";
    int invalid = Errno.EINVAL.number();
    assertThat(Conntrack.isRefusedFilter(new KernelException(listing, invalid))).isTrue();
    assertThat(Conntrack.isRefusedFilter(new KernelException(listing, Errno.EPERM.number())))
        .isFalse();
    assertThat(Conntrack.isRefusedFilter(new KernelException("forget it", invalid))).isFalse();
  }
}
