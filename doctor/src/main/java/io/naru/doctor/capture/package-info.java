/** Capture files: pcap and pcapng read as streams, pcapng written. */
@NullMarked
package io.naru.doctor.capture;

import org.jspecify.annotations.NullMarked;
