/** Listens for questions over UDP and TCP, and stays alive whatever is sent to it. */
@NullMarked
package io.naru.dns.server;

import org.jspecify.annotations.NullMarked;
