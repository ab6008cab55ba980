package io.naru.observe.trace;

import io.naru.core.trace.Tap;

/**
 * A packet that passed a tap's filter.
 *
 * @param nanoseconds since 1970, when the kernel saw it
 * @param frame from the Ethernet header on, perhaps cut
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Candidate(Tap tap, long nanoseconds, byte[] frame) {}
