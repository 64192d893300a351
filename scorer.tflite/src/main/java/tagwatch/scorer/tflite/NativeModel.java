// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer.tflite;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.tensorflowlite.BuiltinOpResolver;
import org.bytedeco.tensorflowlite.BuiltinOpResolverWithoutDefaultDelegates;
import org.bytedeco.tensorflowlite.FlatBufferModel;
import org.bytedeco.tensorflowlite.OpResolver;
import tagwatch.scorer.tflite.Refusal.Reason;

/**
 * A guarded file in native memory, and the kernels for it. Interpreters read it in place, so it is
 * closed after them.
 */
final class NativeModel implements AutoCloseable {
  private final BytePointer bytes;
  private final FlatBufferModel model;
  private final OpResolver kernels;

  private NativeModel(BytePointer bytes, FlatBufferModel model, OpResolver kernels) {
    this.bytes = bytes;
    this.model = model;
    this.kernels = kernels;
  }

  /** Copies the file and lets the library's own verifier look at it too. */
  static NativeModel of(ByteBuffer content, boolean xnnpack) {
    BytePointer bytes = new BytePointer((long) content.remaining());
    bytes.asByteBuffer().put(content.duplicate());
    FlatBufferModel model = FlatBufferModel.VerifyAndBuildFromBuffer(bytes, bytes.capacity());
    if (model == null || model.isNull()) {
      bytes.close();
      throw new Refusal(Reason.VERIFIER, "file: refused by TensorFlow Lite's own verifier");
    }
    OpResolver kernels =
        xnnpack ? new BuiltinOpResolver() : new BuiltinOpResolverWithoutDefaultDelegates();
    return new NativeModel(bytes, model, kernels);
  }

  FlatBufferModel model() {
    return model;
  }

  OpResolver kernels() {
    return kernels;
  }

  @Override
  public void close() {
    kernels.close();
    model.close();
    bytes.close();
  }
}
