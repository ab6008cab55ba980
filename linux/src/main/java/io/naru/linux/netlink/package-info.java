/** Netlink: the codec of its messages, and a socket that matches answers to requests. */
@NullMarked
package io.naru.linux.netlink;

import org.jspecify.annotations.NullMarked;
