package io.naru.linux.call;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A reason for which the kernel refuses (asm-generic/errno-base.h and errno.h: the same numbers on
 * x86_64 and arm64).
 */
public enum Errno {
  EPERM(1, "the operation is not permitted; run as root or grant CAP_NET_ADMIN"),
  ENOENT(2, "it does not exist"),
  ESRCH(3, "no such entry exists"),
  EINTR(4, "a signal interrupted the call"),
  EIO(5, "input or output failed"),
  ENXIO(6, "there is no such device or address"),
  E2BIG(7, "the argument is too long"),
  EBADF(9, "the descriptor is not open"),
  EAGAIN(11, "nothing is ready now; try again"),
  ENOMEM(12, "the kernel has no memory left for it"),
  EACCES(13, "access is denied; run as root or grant the capability it needs"),
  EFAULT(14, "a buffer lies outside of memory"),
  EBUSY(16, "it is in use by something else"),
  EEXIST(17, "it exists already"),
  EXDEV(18, "it lies on another device"),
  ENODEV(19, "there is no such interface or device"),
  ENOTDIR(20, "a part of the path is not a directory"),
  EISDIR(21, "it is a directory"),
  EINVAL(22, "the kernel does not accept this value"),
  ENFILE(23, "the whole system has too many open files; raise fs.file-max"),
  EMFILE(24, "this process has too many open files; raise its limit (ulimit -n)"),
  ENOSPC(28, "no space is left"),
  EROFS(30, "the file system is read-only"),
  EMLINK(31, "there are too many links to it"),
  EPIPE(32, "the reader is gone"),
  ERANGE(34, "the number is out of range"),
  ENAMETOOLONG(36, "the name is too long"),
  ENOSYS(38, "this kernel does not have the call"),
  ENOTEMPTY(39, "it is not empty"),
  ELOOP(40, "the bridges, links or symbolic links form a loop"),
  ENODATA(61, "there is no such data"),
  EPROTO(71, "the protocol was violated"),
  EOVERFLOW(75, "the value is too large"),
  ENOTSOCK(88, "the descriptor is not a socket"),
  EDESTADDRREQ(89, "a destination address is needed"),
  EMSGSIZE(90, "the message is larger than the path's MTU or the buffer"),
  EPROTONOSUPPORT(93, "this kernel does not have the protocol"),
  ESOCKTNOSUPPORT(94, "this kernel does not have the socket type"),
  EOPNOTSUPP(95, "this kernel or device does not support it"),
  EPFNOSUPPORT(96, "this kernel does not have the protocol family"),
  EAFNOSUPPORT(97, "this kernel does not have the address family; is IPv6 switched off?"),
  EADDRINUSE(98, "the address or port is in use already"),
  EADDRNOTAVAIL(99, "the address is not on this machine"),
  ENETDOWN(100, "the interface is down; set it up first"),
  ENETUNREACH(101, "there is no route to the network"),
  ECONNABORTED(103, "the connection was aborted"),
  ECONNRESET(104, "the other side reset the connection"),
  ENOBUFS(105, "the kernel's buffer is full, messages were lost"),
  ENOTCONN(107, "the socket is not connected"),
  ETIMEDOUT(110, "no answer came in time"),
  ECONNREFUSED(111, "nothing listens there"),
  EHOSTDOWN(112, "the host is down"),
  EHOSTUNREACH(
      113, "there is no route to the host, or it does not answer ARP or neighbour discovery"),
  EALREADY(114, "it is under way already"),
  EINPROGRESS(115, "it is under way"),
  ESTALE(116, "the handle is stale"),
  ECANCELED(125, "it was cancelled"),
  /** A number this list does not know. */
  UNKNOWN(0, "the kernel gave a reason that is not known here");

  private static final Map<Integer, Errno> BY_NUMBER =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(e -> e.number, Function.identity()));

  private final int number;
  private final String sentence;

  Errno(int number, String sentence) {
    this.number = number;
    this.sentence = sentence;
  }

  /** The reason of that positive number; {@link #UNKNOWN} for one that is not listed. */
  public static Errno of(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number)).orElse(UNKNOWN);
  }

  /** The number of asm-generic/errno.h; 0 for {@link #UNKNOWN}. */
  public int number() {
    return number;
  }

  /** What it means and, where that is known, what to do; without a capital and a full stop. */
  public String sentence() {
    return sentence;
  }
}
