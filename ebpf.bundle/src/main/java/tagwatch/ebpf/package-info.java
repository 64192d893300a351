// SPDX-License-Identifier: Apache-2.0
/**
 * Transport {@code ebpf-syscall}: BPF programs on stock kernels, loaded through libbpf.
 *
 * <p>Three layers: {@code LibC} and {@code LibBpf} are the raw names; {@code Descriptor}, {@code
 * Mapping}, {@code BpfMap}, {@code BpfIterator} throw with errno's text; the rest speaks of tasks,
 * tags and verdicts.
 */
package tagwatch.ebpf;
