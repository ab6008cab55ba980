/** TUN devices: interfaces whose packets a program reads and writes. */
@NullMarked
package io.naru.linux.tun;

import org.jspecify.annotations.NullMarked;
