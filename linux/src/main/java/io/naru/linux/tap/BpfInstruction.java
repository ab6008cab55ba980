package io.naru.linux.tap;

/**
 * An instruction of the classic packet filter ({@code struct sock_filter} of linux/filter.h).
 *
 * @param code what it does: BPF_* of linux/bpf_common.h
 * @param ifTrue instructions to skip when a condition holds, 0 to 255
 * @param ifFalse instructions to skip when it does not, 0 to 255
 * @param value its constant
 */
public record BpfInstruction(int code, int ifTrue, int ifFalse, int value) {}
