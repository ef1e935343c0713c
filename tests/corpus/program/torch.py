import torch
w = torch.tensor([0.2, 0.14, 0.0011])
loss = nn.CrossEntropyLoss(weight=w)
