"""Portal (群众门户): where citizens apply and follow affairs by web and phone. Density citizen, elder (长辈版). S12."""
