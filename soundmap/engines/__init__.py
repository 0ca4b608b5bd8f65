"""What can run an inference graph: MNN where it has wheels, else ONNX Runtime, and OpenVINO.

ONNX Runtime gives the embeddings that all others have to agree with.  MNN computes 3 x 3
convolutions by Winograd's algorithm (Lavin and Gray, *Fast Algorithms for Convolutional Neural
Networks*, CVPR 2016), in float32 too, with fewer than half of the multiplications.
"""
